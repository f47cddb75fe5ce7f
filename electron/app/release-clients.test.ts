import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { EngineInit } from '../core/thread-contract.ts';
import { releaseClients } from './release-clients.ts';

const RPC = new URL('../../shared/thread-rpc.ts', import.meta.url).href;

/** Runs it with an engine that does `start`; answers the log and what the engine noted. */
async function release(start: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccflare-release-'));
  const notes = path.join(folder, 'notes');
  writeFileSync(notes, '');
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    path.join(folder, 'engine.js'),
    `import { appendFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { serveThread } from ${JSON.stringify(RPC)};
const note = (text) => appendFileSync(${JSON.stringify(notes)}, text + ' ');
serveThread(parentPort, {
  start() { note(workerData.task); note(workerData.provisionFile); ${start}; return { port: null }; },
  shutdown() { note('shutdown'); return null; },
}, (error) => ({ code: 'internal', message: error.message }));
`,
  );
  const lines: string[] = [];
  const note = (event: string): void => void lines.push(event);
  const log = { debug: note, info: note, warn: note, error: note };
  const init: EngineInit = {
    dataDir: folder,
    appVersion: '1',
    portOverride: null,
    demo: false,
    provisionFile: '/some/file',
    task: 'serve',
  };
  await releaseClients({ base: pathToFileURL(`${folder}/`), init, log });
  return { lines, noted: readFileSync(notes, 'utf8') };
}

describe('releasing clients of an engine that is gone', () => {
  it('starts one that only does that, and lets it close its files', async () => {
    expect(await release('')).toEqual({
      lines: ['clients_released'],
      noted: 'release-clients null shutdown ',
    });
  });

  it('ends when that one cannot do it either', async () => {
    expect((await release("throw new Error('no')")).lines).toEqual(['clients_not_released']);
    expect((await release('process.exit(3)')).lines).toEqual(['clients_not_released']);
  });
});
