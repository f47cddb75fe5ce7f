import { type ChildProcess, spawn } from 'node:child_process';
import { _electron, type ElectronApplication } from 'playwright-core';
import { launchTarget } from '../../scripts/lib/launch-target.mjs';

/** How to launch. */
export type LaunchOptions = { args: string[]; env: Record<string, string> };

/** A launched Electron and what it printed. */
export type Launched = {
  electron: ElectronApplication;
  stdout(): string;
  stderr(): string;
  /** First group of the pattern in what stdout has or will have. */
  waitForStdout(pattern: RegExp): Promise<string>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

const STOP_WITHIN_MS = 20_000;

/** Launches the built app under Playwright. */
export async function launchElectron({ args, env }: LaunchOptions): Promise<Launched> {
  const { electron, appFolder } = launchTarget();
  const app = await _electron.launch({
    ...electron,
    args: [appFolder, ...args],
    env: { ...environment(), ...env },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const child = app.process();
  const output = collect(child);
  return {
    electron: app,
    ...output,
    stop: (signal = 'SIGTERM') => stop(child, signal, output.stderr),
  };
}

/** Runs the built app until it ends by itself. */
export function runElectron({
  args,
  env,
}: LaunchOptions): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { electron, appFolder } = launchTarget();
  const child = spawn(electron.executablePath, [appFolder, ...args], { env: { ...environment(), ...env } });
  const output = collect(child);
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout: output.stdout(), stderr: output.stderr() }));
  });
}

function collect(child: ChildProcess) {
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  child.stdout?.on('data', (text: Buffer) => {
    out += text.toString();
    for (const watch of watchers) watch();
  });
  child.stderr?.on('data', (text: Buffer) => {
    err += text.toString();
  });
  const waitForStdout = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(out)?.[1];
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      child.once('exit', (code) => reject(new Error(`the app ended with ${code}: ${err.slice(-2000)}`)));
      look();
    });
  return { stdout: () => out, stderr: () => err, waitForStdout };
}

function stop(child: ChildProcess, signal: NodeJS.Signals, stderr: () => string): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`the app did not end within ${STOP_WITHIN_MS} ms: ${stderr().slice(-2000)}`)),
      STOP_WITHIN_MS,
    );
    child.once('exit', (code) => {
      clearTimeout(late);
      resolve(code);
    });
    child.kill(signal);
  });
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
