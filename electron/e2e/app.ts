import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import { launchElectron } from './launcher.ts';

/** A running app under test. */
export type RunningApp = {
  electron: ElectronApplication;
  /** Address from the line on stdout. */
  url: string;
  dataDir: string;
  /** The dashboard; waits for it. */
  page(): Promise<Page>;
  stdout(): string;
  stderr(): string;
  /** Everything that the page complained about: console errors, exceptions, CSP violations. */
  complaints: string[];
  /** Asks the app to end and answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** How to start it. */
export type StartOptions = {
  dataDir?: string;
  args?: string[];
  env?: Record<string, string>;
  provision?: unknown;
};

/** Starts the built app and waits until the proxy listens. */
export async function startApp(options: StartOptions = {}): Promise<RunningApp> {
  const dataDir = options.dataDir ?? newUserFolder('data');
  const args = ['--data-dir', dataDir, '--port', '0', ...(options.args ?? [])];
  if (options.provision !== undefined) {
    const file = path.join(newUserFolder('provision'), 'provision.json');
    writeFileSync(file, JSON.stringify(options.provision), { mode: 0o644 });
    args.push('--provision', file);
  }
  const started = await launchElectron({ args, env: { CCFLARE_TEST: '1', ...options.env } });
  const complaints: string[] = [];
  started.electron.on('window', (page) => listen(page, complaints));
  for (const page of started.electron.windows()) listen(page, complaints);
  const url = await started.waitForStdout(/proxy listening on (http:\/\/127\.0\.0\.1:\d+)/);
  return {
    electron: started.electron,
    url,
    dataDir,
    page: () => started.electron.firstWindow(),
    stdout: started.stdout,
    stderr: started.stderr,
    complaints,
    stop: started.stop,
  };
}

/** Of our own page only: what a provider's sign-in page prints is not ours to mend. */
function listen(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (!page.url().startsWith('app:')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => {
    if (page.url().startsWith('app:')) complaints.push(error.message);
  });
}

/** Every file below a folder, with its bytes: for searching secrets where none may be. */
export function filesBelow(folder: string): { file: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
    .map((file) => ({ file, bytes: readFileSync(file) }));
}

/** Asks again until the answer is there; the end-to-end tests' only kind of waiting. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null> | T | null,
  withinMs = 15_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
