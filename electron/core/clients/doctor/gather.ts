import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { managedFiles, type Surroundings, settingsFile, shown } from '../claude-code-places.ts';
import { readSnapshot, unreadable } from '../file-access.ts';
import { decode, isPlainJson, parseObject, valueAt } from '../json-text.ts';
import { type Fact, KEY_COMMAND, type OffLine, type Place, SOCKET, type Unread, WATCHED } from './facts.ts';
import { dialectOf, profileFiles } from './profiles.ts';
import { removalOf } from './remedies.ts';
import { readProfile } from './shell-lines.ts';

/** Where a settings file may have what is looked for. */
const PATHS = [...[...WATCHED].filter((name) => name !== SOCKET).map((name) => ['env', name]), [KEY_COMMAND]];

/** Everything found on this computer that bears on where Claude Code sends its requests. */
export type Gathered = {
  readonly facts: Fact[];
  readonly unread: Unread[];
  readonly offLines: OffLine[];
};

/**
 * Reads settings files, those of `projects` (folders) too, shell profiles and our own environment. Never throws; what
 * it cannot read it says.
 */
export async function gather(here: Surroundings, projects: readonly string[]): Promise<Gathered> {
  const gathered: Gathered = { facts: [], unread: [], offLines: [] };
  const read = new Set<string>();
  for (const file of await managedFiles(here)) {
    await readSettings(gathered, { file, kind: 'managed' }, here, read);
  }
  await readSettings(gathered, { file: settingsFile(here), kind: 'user' }, here, read);
  for (const folder of projects) {
    for (const name of ['settings.local.json', 'settings.json']) {
      const file = join(folder, '.claude', name);
      await readSettings(gathered, { file, kind: 'project' }, here, read);
    }
  }
  for (const file of await profileFiles(here)) await readShell(gathered, file, here, read);
  gathered.facts.push(...sessionFacts(here, gathered.facts));
  return gathered;
}

const NOT_PLAIN =
  'It is no plain JSON, so Claude Code takes no notice of it. Take out comments and trailing commas.';

type Source = { readonly file: string; readonly kind: Place['kind'] };

async function readSettings(
  { facts, unread }: Gathered,
  { file, kind }: Source,
  { home }: Surroundings,
  read: Set<string>,
): Promise<void> {
  try {
    const snapshot = await readOnce(file, read);
    if (snapshot === null) return;
    const { text } = decode(snapshot.bytes);
    // The user's own is looked into all the same, since it is the one that gets mended.
    if (kind !== 'user' && parseObject(text) !== null && !isPlainJson(text)) throw unreadable(NOT_PLAIN);
    for (const path of PATHS) {
      const found = valueAt(text, path);
      if (found === null) continue;
      facts.push({
        name: path.at(-1) ?? '',
        value: String(found.value),
        place: { kind, label: `${shown(file, home)}, line ${found.line}` },
        // Only an organisation changes its own settings.
        away: kind === 'managed' ? null : { kind: 'take-out', file, path },
      });
    }
  } catch (error) {
    unread.push({ label: shown(file, home), reason: error instanceof Error ? error.message : '' });
  }
}

async function readShell(
  { facts, offLines }: Gathered,
  file: string,
  { home }: Surroundings,
  read: Set<string>,
): Promise<void> {
  // A profile that cannot be read has no effect on the user's shells either.
  const snapshot = await readOnce(file, read).catch(() => null);
  if (snapshot === null) return;
  // Byte by byte, since profiles need not be UTF-8 and what we look for is ASCII.
  const { set, off } = readProfile(snapshot.bytes.toString('latin1'), dialectOf(file));
  const labelOf = (number: number): string => `${shown(file, home)}, line ${number}`;
  // Of several lines the last one counts.
  for (const { name, value, number, line } of set.toReversed()) {
    const away = { kind: 'line-off', file, number, line } as const;
    facts.push({ name, value, place: { kind: 'shell', label: labelOf(number) }, away });
  }
  for (const { name, number, line } of off) {
    offLines.push({ name, label: labelOf(number), on: { kind: 'line-on', file, number, line } });
  }
}

/** What this app inherited, unless a profile explains it. */
function sessionFacts({ env, platform }: Surroundings, facts: readonly Fact[]): Fact[] {
  const explained = new Set(facts.filter(({ place }) => place.kind === 'shell').map(({ name }) => name));
  return Object.entries(env).flatMap(([spelled, value]) => {
    const name = platform === 'win32' ? spelled.toUpperCase() : spelled;
    if (!WATCHED.has(name) || value === undefined || explained.has(name)) return [];
    const label = 'the environment of your desktop session';
    const remedy = removalOf(name, platform);
    return [{ name, value, place: { kind: 'session', label }, away: null, remedy } as const];
  });
}

/** A file that is reached by two ways counts once. */
async function readOnce(file: string, read: Set<string>): ReturnType<typeof readSnapshot> {
  const real = await realpath(file).catch(() => file);
  if (read.has(real)) return null;
  read.add(real);
  return readSnapshot(file);
}
