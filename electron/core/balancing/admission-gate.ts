import type { Clock } from '../clock.ts';
import type { AdmissionGate } from '../routing-ports.ts';
import { Door } from './door.ts';

/** See {@link AdmissionGate}. An account that nobody holds back costs a map look-up. */
export function createAdmissionGate(clock: Clock): AdmissionGate {
  const doors = new Map<string, Door>();

  const doorOf = (accountId: string): Door => {
    const known = doors.get(accountId);
    if (known !== undefined) return known;
    const door = new Door(clock);
    doors.set(accountId, door);
    return door;
  };

  return {
    tryEnter: (accountId) => doorOf(accountId).tryEnter(),
    wait: (accountId, ready) => doorOf(accountId).wait(ready),
    answered(accountId, outcome) {
      if (outcome === 'ok') doors.get(accountId)?.served();
      if (outcome === 'limited') doors.get(accountId)?.refused();
    },
    left: (accountId) => doors.get(accountId)?.left(),
    switchedTo: (accountId) => doorOf(accountId).ramp(),
    rested: (accountId) => doorOf(accountId).refused(),
    forget(accountId) {
      const door = doors.get(accountId);
      doors.delete(accountId);
      door?.dismiss();
    },
  };
}
