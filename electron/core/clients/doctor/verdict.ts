import type { AddressFacts } from '../own-address.ts';
import { ADDRESS } from '../placement.ts';
import { destination } from './address-findings.ts';
import { type Detour, detourOf, type OwnPlace } from './detours.ts';
import { CLOUDS, CREDENTIALS, type Fact, PROXIES, winner } from './facts.ts';

/** What Claude Code will really use, in words, and whether that is this app. */
export type Verdict = { readonly words: string; readonly comesHere: boolean };

/** What the verdict is made from besides the facts that Claude Code takes notice of. */
export type VerdictContext = {
  readonly leadsTo: (value: string | null) => AddressFacts;
  /** Whether the proxy is on. */
  readonly listening: boolean;
  readonly ownPlace: OwnPlace;
};

/** What Claude Code will really use outside of projects that differ, in one sentence (two, when some do). Pure. */
export function verdictOf(facts: readonly Fact[], context: VerdictContext): Verdict {
  const { leadsTo, listening, ownPlace } = context;
  const address = winner(facts, ADDRESS);
  const leads = address === null ? null : leadsTo(address.value);
  const detour = detourOf(facts, ownPlace);
  const forUs = leads?.kind === 'own' && leads.current && listening;
  // A proxy on the way to somebody else changes nothing about who that is.
  const counts = detour !== null && (detour.kind !== 'proxy' || forUs);
  const words = counts ? detoured(detour, ownPlace) : way(address, leads, credentialOf(facts), listening);
  return { words: words + projects(facts), comesHere: forUs && !counts };
}

function detoured(detour: Detour, { host }: OwnPlace): string {
  const { name, place } = detour.fact;
  switch (detour.kind) {
    case 'cloud':
      return `Claude Code uses ${CLOUDS[name]}, because ${name} is set (${place.label}): its requests never come to this app.`;
    case 'socket':
      return `Claude Code sends its requests to a socket, because ${name} is set (${place.label}): they never come to this app.`;
    case 'proxy':
      return `Claude Code is pointed at this app, but ${name} is set (${place.label}) and ${host} is not excepted from it: its requests go to that proxy and do not arrive here.`;
  }
}

function way(
  address: Fact | null,
  leads: AddressFacts | null,
  credential: string,
  listening: boolean,
): string {
  if (address === null || leads === null)
    return `Claude Code sends its requests straight to the provider, ${credential}.`;
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
  const names = new Set<string>([ADDRESS, ...CREDENTIALS, ...Object.keys(CLOUDS), ...PROXIES]);
  const different = facts.filter(({ place, name }) => place.kind === 'project' && names.has(name));
  return different.length === 0 ? '' : ' Some of your projects differ: see the findings.';
}
