import type { Finding } from '../../../../shared/clients.ts';
import { expanded, settingsFolder, shown } from '../claude-code-places.ts';
import { ADDRESS } from '../placement.ts';
import { addressFindings } from './address-findings.ts';
import {
  CLOUDS,
  CONFIG_FOLDER,
  CREDENTIALS,
  EXCEPTIONS,
  type Fact,
  type Fix,
  isOn,
  KEY_COMMAND,
  PROXIES,
  winner,
} from './facts.ts';
import { aboutFact, type Diagnosis, type Examined, idOf, wordsOf } from './finding.ts';

/** Most findings shown. */
const MAX_FINDINGS = 100;

const ORDER: readonly Finding['level'][] = ['bad', 'warn', 'info', 'ok'];

/** All findings, the worst first. Pure. */
export function findingsOf(examined: Examined): Diagnosis[] {
  const { facts } = examined;
  const all = [
    presence(examined),
    ...addressFindings(examined),
    ...facts.flatMap((fact) => [...cloud(fact), ...credential(fact), ...moved(fact, examined)]),
    ...proxies(examined),
    ...ignored(examined),
    ...exposed(examined),
    ...unread(examined),
    ...undoable(examined),
  ];
  return all.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level)).slice(0, MAX_FINDINGS);
}

function presence({ claudeCode: { found, command }, here }: Examined): Diagnosis {
  const common = { id: 'claude-code', fix: null, action: null };
  if (command !== null) {
    return {
      ...common,
      level: 'ok',
      title: `Claude Code was found at ${shown(command, here.home)}.`,
      detail: RESTART,
    };
  }
  if (found)
    return { ...common, level: 'ok', title: 'Claude Code was used on this computer.', detail: RESTART };
  return {
    ...common,
    level: 'info',
    title: 'Claude Code was not found on this computer.',
    detail: 'It can be set up all the same: its settings wait until it is installed.',
  };
}

const RESTART = 'It reads its settings when it starts: sessions that run now keep the address they have.';

function cloud(fact: Fact): Diagnosis[] {
  const provider = CLOUDS[fact.name];
  if (provider === undefined || !isOn(fact)) return [];
  const title = `${fact.name} sends Claude Code to ${provider} (${fact.place.label}).`;
  const detail =
    fact.place.kind === 'managed'
      ? 'Your organisation has decided this. Requests never come to this app.'
      : 'It wins over every address, so requests never come to this app while it is set.';
  return [aboutFact(fact, { level: 'bad', title, detail })];
}

function credential(fact: Fact): Diagnosis[] {
  if (!CREDENTIALS.some((name) => name === fact.name) || fact.value === '') return [];
  const title = `${fact.name} is set (${fact.place.label}).`;
  if (fact.name === 'CLAUDE_CODE_OAUTH_TOKEN') {
    const detail =
      'Claude Code uses this token instead of its own login. The proxy replaces it by that of an account.';
    return [aboutFact(fact, { level: 'info', title, detail })];
  }
  const what = fact.name === KEY_COMMAND ? 'the key that this command prints' : 'this key';
  const detail = `Claude Code works with ${what} instead of its own login, so features of a subscription stay off. Through the proxy it is not needed: each request gets the credential of one of your accounts.`;
  return [aboutFact(fact, { level: 'warn', title, detail })];
}

function moved(fact: Fact, { here }: Examined): Diagnosis[] {
  if (fact.name !== CONFIG_FOLDER || fact.place.kind !== 'shell' || fact.value === '') return [];
  const used = settingsFolder(here);
  if (fact.value !== null && expanded(fact.value, here.home) === used) return [];
  return [
    aboutFact(
      fact,
      {
        level: 'warn',
        title: `${CONFIG_FOLDER} moves Claude Code's settings to another folder (${fact.place.label}).`,
        detail: `This app was started without it and changes ${shown(used, here.home)}. Start it from that shell, or set the variable for the whole desktop session.`,
      },
      null,
    ),
  ];
}

function proxies(examined: Examined): Diagnosis[] {
  const { facts, userFile, userFileReadable } = examined;
  const exceptions = EXCEPTIONS.map((name) => winner(facts, name)).filter((fact) => fact !== null);
  if (exceptions.some(coversThisComputer)) return [];
  const present = exceptions.find(({ value }) => value !== null)?.value ?? '';
  const value = [present, '127.0.0.1', 'localhost'].filter((part) => part !== '').join(',');
  const fix: Fix | null = userFileReadable
    ? { kind: 'set', file: userFile, path: ['env', 'NO_PROXY'], value }
    : null;
  return facts
    .filter(({ name, value }) => PROXIES.some((proxy) => proxy === name) && value !== '')
    .map((fact) => ({
      ...aboutFact(
        fact,
        {
          level: 'warn',
          title: `${fact.name} is set, and 127.0.0.1 is not excepted from it (${fact.place.label}).`,
          detail: 'Requests to this app would be sent to that proxy, which cannot reach your computer.',
        },
        fix,
      ),
      fix: wordsOf(fix, 'NO_PROXY'),
    }));
}

function coversThisComputer({ value }: Fact): boolean {
  const hosts = (value ?? '').split(/[\s,]+/);
  return hosts.some((host) => /^(?:\*|127\.0\.0\.1(?::\d+)?|127\.0\.0\.0\/8|127\.\*)$/.test(host));
}

/** Seen with the real client (2.1, autumn 2026): one comment, and nothing in the file has any effect. */
function ignored({ userFile, userFileIgnored, here }: Examined): Diagnosis[] {
  if (!userFileIgnored) return [];
  return [
    {
      id: 'ignored',
      level: 'bad',
      title: `Claude Code takes no notice of ${shown(userFile, here.home)}: it has comments or trailing commas.`,
      detail:
        'It reads plain JSON only, so nothing in this file has any effect, our address included. Take them out and check again.',
      fix: null,
      action: null,
    },
  ];
}

/** The mode of the file is the user's; but since the set-up it holds a key that opens the proxy. */
function exposed({ facts, leadsTo, userFile, userFileExposed, here }: Examined): Diagnosis[] {
  const holdsKey = facts.some(
    ({ name, value, place }) => name === ADDRESS && place.kind === 'user' && leadsTo(value).kind === 'own',
  );
  if (!holdsKey || !userFileExposed) return [];
  return [
    {
      id: 'exposed',
      level: 'info',
      title: `Other users of this computer can read ${shown(userFile, here.home)}, which holds a key of this app.`,
      detail: `With it they could use your accounts through the proxy. To keep it to yourself: chmod 600 ${shown(userFile, here.home)}`,
      fix: null,
      action: null,
    },
  ];
}

function unread({ unread: files }: Examined): Diagnosis[] {
  return files.map(({ label, reason }) => ({
    id: idOf('unread', label),
    level: 'warn',
    title: `${label} cannot be read.`,
    detail: reason,
    fix: null,
    action: null,
  }));
}

/** What earlier fixes did. */
function undoable({ offLines, notes }: Examined): Diagnosis[] {
  const lines = offLines.map(({ name, label, on }) => ({
    id: idOf('line-on', name, label),
    level: 'info' as const,
    title: `${name} was switched off by this app (${label}).`,
    detail: 'The line is still there as a comment.',
    fix: wordsOf(on, name),
    action: on,
  }));
  const values = notes.map(({ id, path, label }) => ({
    id: `take-back:${id}`,
    level: 'info' as const,
    title: `${path.at(-1) ?? ''} was changed by this app (${label}).`,
    detail: 'What stood there before is kept.',
    fix: wordsOf({ kind: 'take-back', id }, ''),
    action: { kind: 'take-back' as const, id },
  }));
  return [...lines, ...values];
}
