import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdmissionGate } from '../routing-ports.ts';
import { leavable } from './testing-client.ts';
import { MESSAGE, send } from './testing-http.ts';
import { keeper, ok, refusal, routedProxy, type Script, spentUntil } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const post = (keyUrl: string) => send(`${keyUrl}/v1/messages`, {}, MESSAGE);
const crowd = (keyUrl: string, size: number) => Array.from({ length: size }, () => post(keyUrl));

describe('64 requests at once on an account that turns to 429', () => {
  test.each([
    ['they are all under way already', false, 64],
    ['it has just become the one in use, so most wait to be let in', true, 9],
  ])(
    '%s: no more reach it, the next gets them in a ramp, and nobody sees an error',
    async (_name, ramp, reach) => {
      const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b']);
      const [first, second] = [keeper(), keeper()];
      provider.scripts.set('a', first.script).set('b', second.script);
      if (ramp) rooms.gate.switchedTo('id-a', '*');
      const answers = crowd(proxy.keyUrl, 64);
      await until(() => proxy.proxy.inFlight() === 64 && first.kept.length === (ramp ? 1 : 64));
      clock.advance(2000);
      await until(() => first.kept.length === reach);

      spentUntil(clock.now() + 3_600_000)(first.kept[0] ?? expect.fail());
      first.kept.shift();
      await until(() => rooms.limits.cooldowns('id-a', clock.now()).length === 1);
      await until(() => proxy.seen.inFlightByAccount.get('id-a') === reach - 1);
      expect(proxy.seen.inFlightByAccount.get('id-b')).toBe(1);
      first.letGo(spentUntil(clock.now() + 3_600_000));
      await until(() => proxy.seen.inFlightByAccount.get('id-a') === 0);
      expect(proxy.seen.inFlightByAccount.get('id-b')).toBe(1);
      clock.advance(250);
      expect(proxy.seen.inFlightByAccount.get('id-b')).toBe(2);
      clock.advance(750);
      expect(proxy.seen.inFlightByAccount.get('id-b')).toBe(5);
      await until(() => second.kept.length === 5);

      second.letGo();
      await until(() => {
        clock.advance(250);
        return proxy.seen.records.length === 64;
      });
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(64).fill(200));
      expect([provider.count('a'), provider.count('b')]).toEqual([reach, 64]);
      expect(proxy.seen.inFlightByAccount.get('id-b')).toBe(0);
    },
  );
});

describe('a request that waits to be let in', () => {
  async function oneWaits() {
    const set = await routedProxy(['a', 'b']);
    const kept = keeper();
    set.provider.scripts.set('a', kept.script);
    set.rooms.gate.switchedTo('id-a', '*');
    const running = post(set.proxy.keyUrl);
    await until(() => kept.kept.length === 1);
    return { ...set, kept, running };
  }

  test('goes elsewhere when the account begins to rest; the trace says so, and that it waited', async () => {
    const { proxy, provider, kept, clock, running } = await oneWaits();
    const waiting = post(proxy.keyUrl);
    await until(() => proxy.proxy.inFlight() === 2);
    clock.advance(100);
    kept.letGo(spentUntil(clock.now() + 60_000));
    expect([(await running).status, (await waiting).status, provider.count('a')]).toEqual([200, 200, 1]);
    await until(() => proxy.seen.records.length === 2);
    const record = proxy.seen.records.find(({ attempts }) => attempts === 1);
    expect(record?.trace).toMatchObject({
      heldMs: 100,
      conclusion: '"b" answered. It had waited 100 ms to be let in.',
      attempts: [
        { accountName: 'a', status: null, verdict: 'rests_now', action: 'next-account' },
        { accountName: 'b', status: 200, verdict: 'ok', action: 'deliver' },
      ],
    });
    expect(record?.trace.attempts[0]?.reason).toContain('5-hour window spent');
  });

  test('goes elsewhere when the user pauses the account meanwhile', async () => {
    const { proxy, provider, kept, clock, running } = await oneWaits();
    const waiting = post(proxy.keyUrl);
    await until(() => proxy.proxy.inFlight() === 2);
    const { get } = proxy.pool;
    proxy.pool.get = (id) => {
      const account = get(id);
      return account && { ...account, paused: id === 'id-a' };
    };
    clock.advance(1000);
    expect([(await waiting).status, provider.count('a'), provider.count('b')]).toEqual([200, 1, 1]);
    kept.letGo();
    expect((await running).status).toBe(200);
  });

  test('goes there at once when the gate hears of it, and not as a herd', async () => {
    const { proxy, provider, kept, clock, rooms, running } = await oneWaits();
    const atB = keeper();
    provider.scripts.set('b', atB.script);
    const waiting = Array.from({ length: 20 }, () => post(proxy.keyUrl));
    await until(() => proxy.proxy.inFlight() === 21);
    const { get } = proxy.pool;
    proxy.pool.get = (id) => {
      const account = get(id);
      return account && { ...account, paused: id === 'id-a' };
    };
    rooms.gate.lookAgain('id-a');
    await until(() => atB.kept.length > 0);
    expect(proxy.seen.inFlightByAccount.get('id-b')).toBe(1);
    atB.letGo();
    await until(() => {
      clock.advance(250);
      return provider.count('b') === 20;
    });
    kept.letGo();
    expect((await Promise.all([running, ...waiting])).map(({ status }) => status)).toEqual(
      Array(21).fill(200),
    );
    expect(provider.count('a')).toBe(1);
  });

  test('and whose client leaves takes no place and is not sent', async () => {
    const { proxy, provider, kept, clock, running } = await oneWaits();
    const client = leavable(`${proxy.keyUrl}/v1/messages`);
    await until(() => proxy.proxy.inFlight() === 2);
    clock.advance(40);
    client.leave();
    expect(await proxy.seen.nextRecord()).toMatchObject({
      terminal: 'client-closed',
      attempts: 0,
      trace: { heldMs: 40 },
    });
    const next = post(proxy.keyUrl);
    await until(() => proxy.proxy.inFlight() === 2);
    kept.letGo();
    // Whoever came after it gets the place at once.
    expect([(await running).status, (await next).status, provider.count('a')]).toEqual([200, 200, 2]);
    expect(proxy.seen.inFlightByAccount.get('id-a')).toBe(0);
  });

  test('is let in after 30 seconds whatever the others do', async () => {
    const { proxy, provider, clock, kept, running } = await oneWaits();
    const waiting = post(proxy.keyUrl);
    await until(() => proxy.proxy.inFlight() === 2);
    clock.advance(30_000);
    await until(() => provider.count('a') === 2);
    kept.letGo();
    expect([(await running).status, (await waiting).status]).toEqual([200, 200]);
  });
});

test('after a rest one request probes, and the others follow only when it was served', async () => {
  const { proxy, provider, rooms, clock } = await routedProxy(['a']);
  provider.scripts.set('a', spentUntil(clock.now() + 10_000));
  expect((await post(proxy.keyUrl)).status).toBe(429);
  clock.advance(10_000);
  const kept = keeper();
  provider.scripts.set('a', kept.script);
  const answers = crowd(proxy.keyUrl, 5);
  await until(() => proxy.proxy.inFlight() === 5 && kept.kept.length === 1);
  clock.advance(5000);
  expect(proxy.seen.inFlightByAccount.get('id-a')).toBe(1);
  kept.letGo();
  await until(() => {
    clock.advance(250);
    return proxy.seen.records.length === 6;
  });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(5).fill(200));
  expect(rooms.limits.cooldowns('id-a', clock.now())).toEqual([]);
});

test('an answer that was under way when the rest began is no probe', async () => {
  const { proxy, provider, clock } = await routedProxy(['a']);
  const early = keeper();
  provider.scripts.set('a', early.script);
  const straggler = post(proxy.keyUrl);
  await until(() => early.kept.length === 1);
  provider.scripts.set('a', spentUntil(clock.now() + 60_000));
  expect((await post(proxy.keyUrl)).status).toBe(429);
  early.letGo();
  expect((await straggler).status).toBe(200);
  clock.advance(60_000);
  const late = keeper();
  provider.scripts.set('a', late.script);
  const answers = crowd(proxy.keyUrl, 3);
  await until(() => proxy.proxy.inFlight() === 3 && late.kept.length === 1);
  expect(proxy.seen.inFlightByAccount.get('id-a')).toBe(1);
  late.letGo();
  await until(() => {
    clock.advance(250);
    return proxy.seen.records.length === 5;
  });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('a model that an account refuses is asked of one other, not of the whole pool; the next request goes on from there', async () => {
  const { proxy, provider } = await routedProxy(['a', 'b', 'c', 'd']);
  for (const name of ['a', 'b', 'c']) provider.scripts.set(name, refusal(403, 'permission_error'));
  expect((await post(proxy.keyUrl)).status).toBe(403);
  const counts = () => ['a', 'b', 'c', 'd'].map((name) => provider.count(name));
  expect(counts()).toEqual([1, 1, 0, 0]);
  expect((await post(proxy.keyUrl)).status).toBe(200);
  expect(counts()).toEqual([1, 1, 1, 1]);
});

describe('an account that rests is asked all the same', () => {
  test('when it only said no to this model lately and nobody else is left', async () => {
    const { proxy, provider, rooms, clock } = await routedProxy(['a']);
    provider.scripts.set('a', refusal(403, 'permission_error'));
    expect((await post(proxy.keyUrl)).status).toBe(403);
    expect(rooms.limits.blocking('id-a', 'claude-sonnet-5-5', clock.now())).not.toBeNull();
    provider.scripts.set('a', ok());
    expect((await post(proxy.keyUrl)).status).toBe(200);
  });

  test('when the file that is asked for lives there', async () => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b']);
    proxy.seen.resources.set('file_1', 'id-a');
    provider.scripts.set('a', spentUntil(clock.now() + 60_000));
    expect((await post(proxy.keyUrl)).status).toBe(200);
    provider.scripts.set('a', ok());
    expect((await send(`${proxy.keyUrl}/v1/files/file_1/content`)).status).toBe(200);
    expect([provider.count('a'), provider.count('b')]).toEqual([2, 1]);
  });
});

test('accounts of one organisation rest together: each is probed', async () => {
  const rested: string[] = [];
  const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b', 'c']);
  const { gate, limits } = rooms;
  const sharing = (id: string) => (id === 'id-c' ? ['id-c'] : ['id-a', 'id-b']);
  Object.assign(proxy.pool, { sharing });
  // What one of them meets holds for the other, as in a book of shared limits.
  const rest = limits.rest.bind(limits);
  limits.rest = (id, verdict, now) => sharing(id).forEach((one) => void rest(one, verdict, now));
  const told = gate.rested;
  gate.rested = (id, bucket) => {
    rested.push(id);
    told(id, bucket);
  };
  provider.scripts.set('a', spentUntil(clock.now() + 10_000));
  expect((await post(proxy.keyUrl)).status).toBe(200);
  expect([rested, provider.count('b'), provider.count('c')]).toEqual([['id-a', 'id-b'], 0, 1]);
});

test('a rest of one model does not hold back the others', async () => {
  const switched: string[] = [];
  const { proxy, provider, rooms } = await routedProxy(['a', 'b']);
  rooms.gate.switchedTo = (id) => void switched.push(id);
  rooms.gate.rested = (id) => void switched.push(id);
  provider.scripts.set('a', refusal(403, 'permission_error'));
  expect((await post(proxy.keyUrl)).status).toBe(200);
  expect(switched).toEqual([]);
});

/** Counts who is inside, and who waits. */
function counted(gate: AdmissionGate) {
  const inside = new Map<string, number>();
  let waiting = 0;
  let fell = false;
  const { tryEnter, wait, left } = gate;
  const add = (id: string, by: number): void => {
    const next = (inside.get(id) ?? 0) + by;
    if (next < 0) fell = true;
    inside.set(id, next);
  };
  gate.tryEnter = (id, visit) => {
    const place = tryEnter(id, visit);
    if (place !== null) add(id, 1);
    return place;
  };
  gate.left = (id, visit, place) => {
    add(id, -1);
    left(id, visit, place);
  };
  gate.wait = (id, visit, ready) => {
    waiting += 1;
    let open = true;
    const over = (): void => {
      if (open) waiting -= 1;
      open = false;
    };
    const stop = wait(id, visit, () => {
      over();
      ready();
    });
    return () => {
      over();
      stop();
    };
  };
  return { all: () => [...inside.values(), waiting].every((n) => n === 0) && !fell };
}

test('attack: clients that leave at any time, over accounts that fail in every way, leave no place taken', async () => {
  const kinds: Script[] = [
    ok(),
    ok({ 'content-type': 'text/event-stream' }),
    (res) => void res.writeHead(200).write('half'),
    (res) => void res.writeHead(429).write('half'),
    (res) => res.socket?.destroy(),
    refusal(529, 'overloaded_error'),
    refusal(401, 'authentication_error'),
    refusal(429, 'rate_limit_error', { 'retry-after': '2' }),
    refusal(400, 'invalid_request_error'),
  ];
  const plan = fc.record({
    first: fc.array(fc.nat(kinds.length - 1), { minLength: 5, maxLength: 30 }),
    second: fc.array(fc.nat(kinds.length - 1), { minLength: 5, maxLength: 30 }),
    leaves: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ first, second, leaves }) => {
      const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b'], {
        settings: { exhaustion: 'hold', holdSeconds: 5 },
      });
      const counts = counted(rooms.gate);
      const script =
        (list: number[]): Script =>
        (res) =>
          kinds[list.shift() ?? 0]?.(res);
      provider.scripts.set('a', script([...first])).set('b', script([...second]));
      rooms.gate.switchedTo('id-a', '*');
      const clients = leaves.map(() => leavable(`${proxy.keyUrl}/v1/messages`));
      await until(() => proxy.proxy.inFlight() + proxy.seen.records.length === clients.length);
      clients.forEach((client, i) => {
        if (leaves[i] === true) client.leave();
      });
      let rounds = 0;
      await until(() => {
        clock.advance(500);
        rounds += 1;
        // Half answers never end by themselves.
        if (rounds > 100) for (const client of clients) client.leave();
        return proxy.seen.records.length === clients.length;
      });
      expect(counts.all()).toBe(true);
      expect([...proxy.seen.inFlightByAccount.values()].every((n) => n === 0)).toBe(true);
      expect([proxy.proxy.held(), proxy.proxy.inFlight(), proxy.proxy.replayBytes()]).toEqual([0, 0, 0]);
      await proxy.close();
    }),
    { numRuns: 8 },
  );
}, 60_000);
