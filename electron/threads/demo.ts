import type { Logger } from '../core/ports.ts';
import { applyProvision, parseProvision } from '../core/provisioning/provision.ts';
import { startDemo } from '../simulator/demo.ts';
import { startTraffic } from '../simulator/traffic.ts';
import type { Engine } from './engine-service.ts';

/** Key of the demo's own client; it opens nothing but the simulator. */
const DEMO_CLIENT_KEY = 'ccflare-demo-client-key';

/** Requests per minute that make a lively picture without filling the windows at once. */
const RATE_PER_MINUTE = 40;

/** Sets the engine up with the built-in simulator and lets traffic flow. Answers what ends it. */
export async function runDemo(engine: Engine, log: Logger): Promise<() => Promise<void>> {
  const { accounts, clientKeys, settings, audit } = engine.rooms;
  if (!engine.rooms.vault.ready()) await engine.vaultOpener.choose({ mode: 'memory' });
  const demo = await startDemo();
  const provision = parseProvision(
    {
      settings: { onboarding: 'done' },
      clientKeys: [{ name: 'demo', key: DEMO_CLIENT_KEY }],
      accounts: demo.accounts,
    },
    {},
  );
  applyProvision(provision, { accounts, clientKeys, settings, audit });
  engine.secretsReady();
  const port = engine.listener.port();
  if (port === null) return () => demo.close();
  const traffic = startTraffic({
    baseUrl: `http://127.0.0.1:${port}`,
    clientKey: DEMO_CLIENT_KEY,
    seed: 1,
    ratePerMinute: RATE_PER_MINUTE,
  });
  log.info('demo_started', { accounts: demo.accounts.length });
  return async () => {
    await traffic.stop();
    await demo.close();
  };
}
