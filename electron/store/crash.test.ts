import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openEngineStore } from './engine-store.ts';
import { sampleAccount } from './testing/sample-account.ts';

it('a process that is killed while it rotates tokens loses none that it had reported', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-crash-'));
  const before = openEngineStore(folder);
  before.accounts.insert(sampleAccount());
  before.close();
  const script = fileURLToPath(new URL('./testing/rotation-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let reported = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    reported = Number(line);
    if (reported === 200) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  const after = openEngineStore(folder);
  const row = after.accounts.list()[0]!;
  after.close();
  rmSync(folder, { recursive: true, force: true });
  const stored = row.expiresAt ?? 0;
  // One more may have been stored and not reported.
  expect([reported, reported + 1]).toContain(stored);
  expect(Buffer.from(row.refreshToken!.bytes).toString()).toBe(`refresh-${stored}`);
  expect(Buffer.from(row.accessToken!.bytes).toString()).toBe(`access-${stored}`);
});
