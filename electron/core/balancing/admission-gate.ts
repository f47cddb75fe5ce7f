import type { Clock } from '../clock.ts';
import type { AdmissionGate } from '../routing-ports.ts';
import { Entrance } from './entrance.ts';

const NONE: readonly string[] = [];

/**
 * See {@link AdmissionGate}. An account that nobody holds back costs a map look-up. `earlierRests`: the buckets of the
 * rests of an earlier run; asked for with the first request to an account, which then is the probe.
 */
export function createAdmissionGate(
  clock: Clock,
  earlierRests: (accountId: string) => readonly string[] = () => NONE,
): AdmissionGate {
  const entrances = new Map<string, Entrance>();
  /** By account that sessions had to leave: where they went, and with what. */
  const movedFrom = new Map<string, Set<string>>();

  const entranceOf = (accountId: string): Entrance => {
    const known = entrances.get(accountId);
    if (known !== undefined) return known;
    const entrance = new Entrance(clock);
    entrances.set(accountId, entrance);
    for (const bucket of earlierRests(accountId)) entrance.rest(bucket);
    return entrance;
  };

  /** False when others have gone the same way before. */
  const isFirst = (from: string, way: string): boolean => {
    const ways = movedFrom.get(from) ?? new Set();
    movedFrom.set(from, ways);
    return ways.size < ways.add(way).size;
  };

  return {
    tryEnter: (accountId, visit) => entranceOf(accountId).tryEnter(visit),
    wait: (accountId, visit, ready) => entranceOf(accountId).wait(visit, ready),
    served(accountId, visit, place) {
      movedFrom.delete(accountId);
      entrances.get(accountId)?.served(visit, place);
    },
    left: (accountId, visit, place) => entrances.get(accountId)?.left(visit, place),
    switchedTo(accountId, bucket, from) {
      if (from === undefined || isFirst(from, `${accountId} ${bucket}`)) entranceOf(accountId).ramp(bucket);
    },
    rested: (accountId, bucket) => entranceOf(accountId).rest(bucket),
    closed: (accountId, visit, ms) => entranceOf(accountId).close(visit, ms),
    lookAgain: (accountId) => entrances.get(accountId)?.lookAgain(),
    forget(accountId) {
      movedFrom.delete(accountId);
      const entrance = entrances.get(accountId);
      entrances.delete(accountId);
      entrance?.dismiss();
    },
  };
}
