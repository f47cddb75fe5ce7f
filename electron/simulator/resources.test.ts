import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Simulator, startSimulator } from './simulator.ts';

let simulator: Simulator;
let mine: Anthropic;
let other: Anthropic;

const client = (apiKey: string) => new Anthropic({ apiKey, baseURL: simulator.url, maxRetries: 0 });
const params = {
  model: 'claude-haiku-5-5',
  max_tokens: 50,
  messages: [{ role: 'user' as const, content: 'hi' }],
};

beforeEach(async () => {
  simulator = await startSimulator({
    accounts: [
      { name: 'mine', kind: 'api-key', secret: 'sk-ant-api03-mine' },
      { name: 'other', kind: 'api-key', secret: 'sk-ant-api03-other' },
    ],
  });
  mine = client('sk-ant-api03-mine');
  other = client('sk-ant-api03-other');
});

afterEach(() => simulator.close());

test('models are listed in pages and found by id', async () => {
  const ids = [];
  for await (const model of mine.models.list({ limit: 3 })) ids.push(model.id);
  expect(ids).toHaveLength(7);
  expect((await mine.models.retrieve('claude-opus-5-5')).display_name).toBe('Claude Opus 5.5');
  await expect(mine.models.retrieve('claude-nothing')).rejects.toMatchObject({ status: 404 });
});

test('a batch runs, gives its results and can be deleted, by its own account only', async () => {
  const { id } = await mine.messages.batches.create({ requests: [{ custom_id: 'a', params }] });
  await expect(other.messages.batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
  expect(await mine.messages.batches.retrieve(id)).toMatchObject({
    processing_status: 'ended',
    request_counts: { succeeded: 1 },
  });
  const results = [];
  for await (const line of await mine.messages.batches.results(id)) results.push(line);
  expect(results).toMatchObject([{ custom_id: 'a', result: { type: 'succeeded' } }]);
  expect((await mine.messages.batches.list()).data).toHaveLength(1);
  expect((await other.messages.batches.list()).data).toHaveLength(0);
  expect((await mine.messages.batches.delete(id)).type).toBe('message_batch_deleted');
});

test('a batch can be canceled', async () => {
  const { id } = await mine.messages.batches.create({ requests: [{ custom_id: 'a', params }] });
  expect((await mine.messages.batches.cancel(id)).processing_status).toBe('canceling');
  expect((await mine.messages.batches.retrieve(id)).request_counts.canceled).toBe(1);
});

test('a file belongs to the account that uploaded it', async () => {
  const content = Buffer.from('Zeile 1\r\n--kein Rand\r\n世界');
  const file = await mine.files.upload({ file: await toFile(content, 'größe.txt', { type: 'text/plain' }) });
  expect(file).toMatchObject({ size_bytes: content.length, mime_type: 'text/plain' });
  const download = await mine.files.download(file.id);
  expect(Buffer.from(await download.arrayBuffer()).equals(content)).toBe(true);
  await expect(other.files.retrieveMetadata(file.id)).rejects.toMatchObject({ status: 404 });
  expect((await mine.files.list()).data).toHaveLength(1);

  const source = { type: 'file' as const, file_id: file.id };
  const ask = (from: Anthropic) =>
    from.messages.create({
      ...params,
      messages: [{ role: 'user', content: [{ type: 'document', source }] }],
    } as never);
  await expect(ask(mine)).resolves.toMatchObject({ type: 'message' });
  await expect(ask(other)).rejects.toMatchObject({ status: 404 });
  expect((await mine.files.delete(file.id)).id).toBe(file.id);
});
