import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { call, prompt, withKey } from './testing/request.ts';

test('the simulator runs as its own process until SIGTERM', async () => {
  const accounts = JSON.stringify([{ name: 'key', kind: 'api-key', secret: 'sk-ant-api03-test' }]);
  const script = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [script, '--port', '0', '--accounts', accounts], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url } = JSON.parse(line.toString('utf8')) as { url: string };
  const headers = withKey('sk-ant-api03-test');
  expect((await call(`${url}/v1/messages`, { headers, body: prompt() })).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
