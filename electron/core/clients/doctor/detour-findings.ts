import { dirname } from 'node:path';
import { isExcepted, isHeeded, isPutTogether, proxiesInTheWay } from './detours.ts';
import { CLOUDS, EXCEPTIONS, type Fact, type Fix, isOn, PROXIES, SOCKET, winner } from './facts.ts';
import { aboutFact, type Diagnosis, diagnosis, type Examined, idOf } from './finding.ts';

/** Findings about what keeps requests from where the address leads. */
export function detourFindings(examined: Examined): Diagnosis[] {
  const { heeded } = examined;
  return [
    ...heeded.flatMap((fact) => [...cloud(fact, heeded), ...socket(fact)]),
    ...proxies(examined),
    ...heeded.flatMap((fact) => projectProxy(fact, examined)),
  ];
}

function cloud(fact: Fact, heeded: readonly Fact[]): Diagnosis[] {
  const provider = CLOUDS[fact.name];
  if (provider === undefined || !isOn(fact)) return [];
  const { kind, label } = fact.place;
  if (kind === 'project') {
    const title = `${fact.name} sends Claude Code to ${provider} in one project (${label}).`;
    const detail = 'Its requests from there do not come to this app; those from everywhere else may.';
    return [aboutFact(fact, { level: 'warn', title, detail })];
  }
  const first = winner(heeded, fact.name);
  if (first === null || !isOn(first)) {
    const title = `${fact.name} is set, without effect (${label}).`;
    return [aboutFact(fact, { level: 'info', title, detail: 'A stronger setting switches it off.' })];
  }
  const title = `${fact.name} sends Claude Code to ${provider} (${label}).`;
  const detail =
    kind === 'managed'
      ? 'Your organisation has decided this. Requests never come to this app; only who administers these settings can change that.'
      : `It wins over every address, so requests never come to this app while it is set.${inSession(fact)}`;
  return [aboutFact(fact, { level: 'bad', title, detail })];
}

function socket(fact: Fact): Diagnosis[] {
  if (fact.name !== SOCKET || fact.value === '') return [];
  const title = `${SOCKET} sends all requests of Claude Code to a socket (${fact.place.label}).`;
  const detail = `It wins over every address, so requests never come to this app while it is set.${inSession(fact)}`;
  return [aboutFact(fact, { level: 'bad', title, detail })];
}

function inSession({ place }: Fact): string {
  return place.kind === 'session'
    ? ' It comes from your system or from the terminal that started this app.'
    : '';
}

/** One finding for all of them: they are mostly set together, and one exception settles them all. */
function proxies(examined: Examined): Diagnosis[] {
  const { heeded, ownPlace } = examined;
  const all = proxiesInTheWay(heeded, ownPlace);
  if (all.length === 0) return [];
  const names = all.map(({ name }) => name);
  const labels = [...new Set(all.map(({ place }) => place.label))].join('; ');
  const [are, them] = all.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const fix = exception(examined);
  const way = 'Requests to this app would be sent to that proxy, which cannot reach your computer.';
  const help =
    fix === null ? ` Set NO_PROXY to ${ownPlace.host} where the proxy is set, beside what stands there.` : '';
  return [
    diagnosis(
      {
        id: idOf('proxy', ...names, labels),
        level: 'bad',
        title: `${names.join(', ')} ${are} set, and ${ownPlace.host} is not excepted from ${them} (${labels}).`,
        detail: way + help,
        withSetUp: fix !== null,
      },
      fix,
    ),
  ];
}

/** A project may have a proxy of its own, and exceptions from it. */
function projectProxy(fact: Fact, examined: Examined): Diagnosis[] {
  const { heeded, ownPlace } = examined;
  if (fact.place.kind !== 'project' || !PROXIES.some((name) => name === fact.name)) return [];
  if (fact.value === '' || !isHeeded(fact)) return [];
  const beside = heeded.filter((other) => folderOf(other) === folderOf(fact));
  const excepted = EXCEPTIONS.some((name) =>
    [winner(heeded, name), ...beside.filter((other) => other.name === name)].some((other) =>
      isExcepted(other, ownPlace),
    ),
  );
  if (excepted) return [];
  const title = `${fact.name} is set in one project, and ${ownPlace.host} is not excepted from it (${fact.place.label}).`;
  const detail = 'Requests from there would be sent to that proxy instead of this app.';
  return [aboutFact(fact, { level: 'warn', title, detail }, exception(examined))];
}

function folderOf({ away }: Fact): string | null {
  return away?.kind === 'take-out' ? dirname(away.file) : null;
}

/** The exception in the user's settings, under a name that no organisation has taken, with what is excepted already. */
function exception({ heeded, ownPlace, userFile, userFileReadable }: Examined): Fix | null {
  const taken = (name: string) => heeded.some((fact) => fact.name === name && fact.place.kind === 'managed');
  const name = EXCEPTIONS.find((free) => !taken(free));
  if (name === undefined || !userFileReadable) return null;
  const present = EXCEPTIONS.map((other) => winner(heeded, other)?.value).find((value) => value != null);
  // The settings win over shells, so what stands there must be the whole list.
  if (isPutTogether(present ?? '')) return null;
  const hosts = [...new Set([present ?? '', ownPlace.host, '127.0.0.1', 'localhost'])];
  const value = hosts.filter((host) => host !== '').join(',');
  return { kind: 'set', file: userFile, path: ['env', name], value };
}
