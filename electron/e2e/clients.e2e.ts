import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../simulator/simulator.ts';
import { CLIENT_KEY, provisionFor, sdk, startUpstream } from '../testing/traffic.ts';
import { type RunningApp, startApp } from './app.ts';
import { runClaude } from './claude-cli.ts';

describe('real clients', () => {
  let upstream: Simulator;
  let app: RunningApp;

  beforeAll(async () => {
    upstream = await startUpstream();
    app = await startApp({ args: ['--no-window'], provision: provisionFor(upstream) });
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('the official SDK lists models, counts tokens, and reads plain and streamed answers', async () => {
    const client = sdk(app.url);
    const models = await client.models.list();
    expect(models.data.length).toBeGreaterThan(0);
    const request = {
      model: 'claude-sonnet-5-5',
      messages: [{ role: 'user' as const, content: 'héllo' }],
    };
    expect((await client.messages.countTokens(request)).input_tokens).toBeGreaterThan(0);
    const plain = await client.messages.create({ ...request, max_tokens: 30 });
    expect(plain.usage.output_tokens).toBeGreaterThan(0);
    const kinds: string[] = [];
    const stream = client.messages.stream({ ...request, max_tokens: 30 });
    for await (const event of stream) kinds.push(event.type);
    expect(kinds[0]).toBe('message_start');
    expect(kinds.at(-1)).toBe('message_stop');
  });

  it('the claude CLI works with nothing set but the base URL and a login of its own', async () => {
    const result = await runClaude({
      baseUrl: `${app.url}/k/${CLIENT_KEY}`,
      env: { ANTHROPIC_API_KEY: 'sk-ant-api03-client-own-key' },
      prompt: 'Say hello.',
    });
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(result.stdout.trim()).not.toBe('');
    const messages = upstream.requests.filter((request) => request.url.startsWith('/v1/messages'));
    expect(messages.every((request) => request.account !== null)).toBe(true);
    expect(JSON.stringify(messages.map((request) => request.rawHeaders))).not.toContain('client-own-key');
  });
});
