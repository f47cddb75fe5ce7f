import { startLaunchEnvironment } from './launch-environment.mjs';
import { prepareApp } from './prepare.mjs';

/** Vitest's global set-up of the end-to-end tests: what it sets is seen by every test file. */
export async function setup() {
  const electron = await prepareApp({ session: true });
  const environment = await startLaunchEnvironment(electron);
  Object.assign(process.env, environment.env);
  return environment.stop;
}
