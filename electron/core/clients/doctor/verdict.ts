import type { AddressFacts } from '../own-address.ts';
import { ADDRESS } from '../placement.ts';
import { destination } from './address-findings.ts';
import { CLOUDS, CREDENTIALS, type Fact, isOn, winner } from './facts.ts';

/**
 * What Claude Code will really use outside of projects that differ, in one sentence (two, when some do). Pure.
 * `listening`: whether the proxy is on.
 */
export function verdictOf(
  facts: readonly Fact[],
  leadsTo: (value: string | null) => AddressFacts,
  listening: boolean,
): string {
  const cloud = Object.keys(CLOUDS)
    .map((name) => winner(facts, name))
    .find((fact) => fact !== null && isOn(fact));
  if (cloud !== null && cloud !== undefined) {
    return `Claude Code uses ${CLOUDS[cloud.name]}, because ${cloud.name} is set (${cloud.place.label}): its requests never come to this app.`;
  }
  return way(winner(facts, ADDRESS), leadsTo, credentialOf(facts), listening) + projects(facts);
}

function way(
  address: Fact | null,
  leadsTo: (value: string | null) => AddressFacts,
  credential: string,
  listening: boolean,
): string {
  if (address === null) return `Claude Code sends its requests straight to the provider, ${credential}.`;
  const leads = leadsTo(address.value);
  if (leads.kind === 'own' && !listening) {
    return 'Claude Code is pointed at this app, but the proxy is off: its requests fail until it is on again.';
  }
  if (leads.kind === 'own' && !leads.current) {
    return `Claude Code is pointed at an old port or key of this app (${address.place.label}): its requests fail.`;
  }
  if (leads.kind === 'own') return `Claude Code sends its requests to this app, ${credential}.`;
  return `Claude Code sends its requests to ${destination(leads, address.place)}, ${credential}, because ${ADDRESS} is set (${address.place.label}).`;
}

function credentialOf(facts: readonly Fact[]): string {
  const used = CREDENTIALS.map((name) => winner(facts, name)).find((fact) => fact !== null);
  return used === null || used === undefined
    ? 'with its own login'
    : `with ${used.name} (${used.place.label}) instead of its own login`;
}

function projects(facts: readonly Fact[]): string {
  const names = new Set<string>([ADDRESS, ...CREDENTIALS, ...Object.keys(CLOUDS)]);
  const different = facts.filter(({ place, name }) => place.kind === 'project' && names.has(name));
  return different.length === 0 ? '' : ' Some of your projects differ: see the findings.';
}
