import { BlockList } from 'node:net';
import { CLOUDS, EXCEPTIONS, type Fact, isOn, PROXIES, SOCKET, winner } from './facts.ts';

/** Where requests to this app would go: what an exception from a proxy has to name. */
export type OwnPlace = { readonly host: string; readonly port: number };

/** Something that keeps requests from the place that the address names. */
export type Detour = { readonly kind: 'cloud' | 'socket' | 'proxy'; readonly fact: Fact };

/** The strongest detour outside of projects; null when there is none. Pure. */
export function detourOf(facts: readonly Fact[], place: OwnPlace): Detour | null {
  const cloud = Object.keys(CLOUDS)
    .map((name) => winner(facts, name))
    .find((fact) => fact !== null && isOn(fact));
  if (cloud != null) return { kind: 'cloud', fact: cloud };
  const socket = winner(facts, SOCKET);
  if (socket !== null) return { kind: 'socket', fact: socket };
  const [fact] = proxiesInTheWay(facts, place);
  return fact === undefined ? null : { kind: 'proxy', fact };
}

/** Variables outside of projects that name a proxy, the one that counts first; none when `place` is excepted. */
export function proxiesInTheWay(facts: readonly Fact[], place: OwnPlace): Fact[] {
  if (EXCEPTIONS.some((name) => isExcepted(winner(facts, name), place))) return [];
  return PROXIES.flatMap((name) => winner(facts, name) ?? []).filter(isHeeded);
}

/** Claude Code takes no notice of SOCKS in the variables that are for everything. */
export function isHeeded({ name, value }: Fact): boolean {
  return !(name.toUpperCase() === 'ALL_PROXY' && /^socks/i.test(value ?? ''));
}

/** What a shell puts into a text: `${name}`, `$name`, `$(command)`, and the same in backticks. */
const COMPUTED = /\$\{[^}]*\}|\$\w+|\$\([^)]*\)|`[^`]*`/g;

/** Whether a shell makes a part of a list of hosts, so that nobody here knows all of it. */
export function isPutTogether(hosts: string): boolean {
  return hosts.search(COMPUTED) !== -1;
}

/** Forms that the client understands: all, a host with or without its port, and ranges. Not `127.*`. */
export function isExcepted(fact: Fact | null, { host, port }: OwnPlace): boolean {
  const entries = fact?.value?.replaceAll(COMPUTED, ',').split(/[\s,]+/) ?? [];
  return entries.some(
    (entry) => ['*', host, `${host}:${port}`].includes(entry.toLowerCase()) || isRangeWith(entry, host),
  );
}

function isRangeWith(entry: string, host: string): boolean {
  const [, network = '', bits = ''] = /^(\d+(?:\.\d+){3})\/(\d{1,2})$/.exec(entry) ?? [];
  if (network === '' || Number(bits) > 32) return false;
  try {
    const range = new BlockList();
    range.addSubnet(network, Number(bits), 'ipv4');
    return range.check(host);
  } catch {
    return false;
  }
}
