import type { Clock } from '../clock.ts';
import type { AdmissionGate } from '../routing-ports.ts';
import { Entrance } from './entrance.ts';

/** See {@link AdmissionGate}. An account that nobody holds back costs a map look-up. */
export function createAdmissionGate(clock: Clock): AdmissionGate {
  const entrances = new Map<string, Entrance>();

  const entranceOf = (accountId: string): Entrance => {
    const known = entrances.get(accountId);
    if (known !== undefined) return known;
    const entrance = new Entrance(clock);
    entrances.set(accountId, entrance);
    return entrance;
  };

  return {
    tryEnter(accountId, visit) {
      const entrance = entrances.get(accountId);
      return entrance === undefined ? 0 : entrance.tryEnter(visit);
    },
    wait: (accountId, visit, ready) => entranceOf(accountId).wait(visit, ready),
    served: (accountId, visit, place) => entrances.get(accountId)?.served(visit, place),
    left: (accountId, visit, place) => entrances.get(accountId)?.left(visit, place),
    switchedTo: (accountId, bucket) => entranceOf(accountId).ramp(bucket),
    rested: (accountId, bucket) => entranceOf(accountId).rest(bucket),
    closed: (accountId, visit, ms) => entranceOf(accountId).close(visit, ms),
    forget(accountId) {
      const entrance = entrances.get(accountId);
      entrances.delete(accountId);
      entrance?.dismiss();
    },
  };
}
