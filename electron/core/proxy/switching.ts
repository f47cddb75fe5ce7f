import type { LimitBook } from '../limit-ports.ts';
import { askedOf, modelBucket, WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { Plan, RoutingRequest } from '../ports.ts';
import type { AdmissionGate } from '../routing-ports.ts';
import { isModelRefusal } from './rest-account.ts';

/**
 * Where a plan brings work to an account that nobody has sent there before, since another one is not to be had (it
 * rests, is paused, or was waited for), others come after it: they begin in a ramp.
 */
export function noteSwitch(
  { gate, limits }: { readonly gate: AdmissionGate; readonly limits: LimitBook },
  { accounts, boundTo = null }: Plan,
  routing: RoutingRequest,
  wasHeld: boolean,
): void {
  const [first] = accounts;
  if (first === undefined) return;
  const { model, now } = routing;
  if (wasHeld) {
    gate.switchedTo(first.account.id, model === null ? WHOLE_ACCOUNT : modelBucket(model));
  } else if (first.reasonCode === 'moved' && boundTo !== null) {
    const rest = limits.blocking(boundTo, askedOf(routing), now);
    if (rest !== null && isModelRefusal(rest.reasonCode)) return;
    gate.switchedTo(first.account.id, rest?.bucket ?? WHOLE_ACCOUNT, boundTo);
  }
}
