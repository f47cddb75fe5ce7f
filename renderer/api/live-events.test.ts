import { QueryObserver } from '@tanstack/react-query';
import { waitFor } from '@testing-library/react';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RequestFilter } from '../../shared/request-record.ts';
import { createFakeBridge, type FakeBridge } from '../testing/fake-bridge.ts';
import { makeState } from '../testing/fixtures.ts';
import { makeImportState } from '../testing/import-fixtures.ts';
import { installBridge } from '../testing/render-app.tsx';
import { makeRow, makeRows } from '../testing/request-fixtures.ts';
import { connectLiveEvents } from './live-events.ts';
import { recentQuery, requestListQuery, stateQuery } from './queries.ts';
import { createQueryClient } from './query-client.ts';

async function connect(): Promise<{ bridge: FakeBridge; client: ReturnType<typeof createQueryClient> }> {
  const bridge = installBridge(createFakeBridge({ state: makeState(), rows: makeRows(5) }));
  const client = createQueryClient();
  connectLiveEvents(client, () => undefined);
  // Somebody looks at the state, as the frame does; what nobody looks at is not read again.
  onTestFinished(new QueryObserver(client, stateQuery).subscribe(() => undefined));
  await waitFor(() => expect(client.getQueryData(stateQuery.queryKey)).toBeDefined());
  return { bridge, client };
}

const listRows = (client: ReturnType<typeof createQueryClient>, filter: RequestFilter) =>
  client.getQueryData(requestListQuery(filter).queryKey)?.pages.flatMap((page) => page.rows) ?? [];

describe('state.changed', () => {
  it('replaces the slices that are in it and leaves the others alone', async () => {
    const { bridge, client } = await connect();
    const before = client.getQueryData(stateQuery.queryKey);
    bridge.change({ pool: { ...makeState().pool, canServe: 1 } });
    const after = client.getQueryData(stateQuery.queryKey);
    expect(after?.pool.canServe).toBe(1);
    expect(after?.accounts).toBe(before?.accounts);
    expect(bridge.argumentsOf('state.get')).toHaveLength(1);
  });

  it('reads the snapshot again when a revision is missing', async () => {
    const { bridge, client } = await connect();
    bridge.change({ pool: makeState().pool });
    bridge.changeSilently({ accounts: [] });
    bridge.change({ events: [] }, 1);
    await waitFor(() => expect(client.getQueryData(stateQuery.queryKey)?.accounts).toEqual([]));
    expect(bridge.argumentsOf('state.get')).toHaveLength(2);
  });
});

describe('an import that is over', () => {
  it.each(['done', 'failed', 'cancelled'] as const)('shows what it brought, at once (%s)', async (phase) => {
    const { bridge, client } = await connect();
    onTestFinished(new QueryObserver(client, recentQuery).subscribe(() => undefined));
    await waitFor(() => expect(client.getQueryData(recentQuery.queryKey)).toBeDefined());
    const asked = () => bridge.argumentsOf('requests.list').length;
    const before = asked();
    bridge.change({ import: makeImportState({ phase: 'running' }) });
    expect(asked()).toBe(before);
    bridge.change({ import: makeImportState({ phase }) });
    await waitFor(() => expect(asked()).toBe(before + 1));
  });
});

describe('requests.recorded', () => {
  it('puts new rows on top of the lists they belong to, once', async () => {
    const { bridge, client } = await connect();
    await client.infiniteQuery(requestListQuery({ outcome: 'all' }));
    await client.infiniteQuery(requestListQuery({ outcome: 'problem' }));
    await client.query(recentQuery);
    const fine = makeRow(0, { id: 'new-fine' });
    const problem = makeRow(0, { id: 'new-problem', status: 500 });
    bridge.record([problem, fine]);
    bridge.push('requests.recorded', { rows: [fine] });
    const all = listRows(client, { outcome: 'all' }).map((row) => row.id);
    expect(all.slice(0, 2)).toEqual(['new-problem', 'new-fine']);
    expect(all.filter((id) => id === 'new-fine')).toHaveLength(1);
    expect(listRows(client, { outcome: 'problem' }).map((row) => row.id)).toEqual(['new-problem']);
    expect(client.getQueryData(recentQuery.queryKey)?.[0]?.id).toBe('new-problem');
  });

  it('keeps a bounded number of rows and pages the rest in again', async () => {
    const { bridge, client } = await connect();
    await client.infiniteQuery(requestListQuery({ outcome: 'all' }));
    for (let batch = 0; batch < 26; batch += 1) {
      bridge.record(Array.from({ length: 200 }, (_, index) => makeRow(0, { id: `live-${batch}-${index}` })));
    }
    const data = client.getQueryData(requestListQuery({ outcome: 'all' }).queryKey);
    expect(data?.pages.flatMap((page) => page.rows)).toHaveLength(5000);
    expect(data?.pages.at(-1)?.next?.id).toBe(data?.pages.at(-1)?.rows.at(-1)?.id);
  });
});
