import type { Finding } from '../../../../shared/clients.ts';
import { expanded, settingsFolder, shown } from '../claude-code-places.ts';
import { ADDRESS } from '../placement.ts';
import { addressFindings } from './address-findings.ts';
import { detourFindings } from './detour-findings.ts';
import { CONFIG_FOLDER, CREDENTIALS, type Fact, KEY_COMMAND } from './facts.ts';
import { aboutFact, type Diagnosis, diagnosis, type Examined, idOf } from './finding.ts';

/** Most findings shown. */
const MAX_FINDINGS = 100;

const ORDER: readonly Finding['level'][] = ['bad', 'warn', 'info', 'ok'];

/** All findings, the worst first. Pure. */
export function findingsOf(examined: Examined): Diagnosis[] {
  const { facts } = examined;
  const all = [
    presence(examined),
    ...addressFindings(examined),
    ...detourFindings(examined),
    ...facts.flatMap((fact) => [...credential(fact), ...moved(fact, examined)]),
    ...ignored(examined),
    ...exposed(examined),
    ...unread(examined),
    ...left(examined),
    ...undoable(examined),
  ];
  return all.sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level)).slice(0, MAX_FINDINGS);
}

function presence({ claudeCode: { found, command }, here }: Examined): Diagnosis {
  const id = 'claude-code';
  if (command !== null) {
    const title = `Claude Code was found at ${shown(command, here.home)}.`;
    return diagnosis({ id, level: 'ok', title, detail: RESTART });
  }
  if (found) {
    return diagnosis({ id, level: 'ok', title: 'Claude Code was used on this computer.', detail: RESTART });
  }
  const title = 'Claude Code was not found on this computer.';
  const detail = 'It can be set up all the same: its settings wait until it is installed.';
  return diagnosis({ id, level: 'info', title, detail });
}

const RESTART = 'It reads its settings when it starts: sessions that run now keep the address they have.';

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

/** Seen with the real client (2.1, autumn 2026): one comment, and nothing in the file has any effect. */
function ignored({ userFile, userFileIgnored, here }: Examined): Diagnosis[] {
  if (!userFileIgnored) return [];
  const title = `Claude Code takes no notice of ${shown(userFile, here.home)}: it has comments or trailing commas.`;
  const detail =
    'It reads plain JSON only, so nothing in this file has any effect, our address included. Take them out and check again.';
  return [
    diagnosis(
      { id: 'ignored', level: 'bad', title, detail, withSetUp: true },
      { kind: 'make-plain', file: userFile },
    ),
  ];
}

/** The mode of the file is the user's; but since the set-up it holds a key that opens the proxy. */
function exposed({ facts, leadsTo, userFile, userFileExposed, here }: Examined): Diagnosis[] {
  const holdsKey = facts.some(
    ({ name, value, place }) => name === ADDRESS && place.kind === 'user' && leadsTo(value).kind === 'own',
  );
  if (!holdsKey || !userFileExposed) return [];
  const file = shown(userFile, here.home);
  return [
    diagnosis({
      id: 'exposed',
      level: 'info',
      title: `Other users of this computer can read ${file}, which holds a key of this app.`,
      detail: 'With it they could use your accounts through the proxy.',
      remedy: { command: `chmod 600 ${file}`, note: 'To keep it to yourself, in a terminal:' },
    }),
  ];
}

function unread({ unread: files }: Examined): Diagnosis[] {
  return files.map(({ label, reason }) =>
    diagnosis({
      id: idOf('unread', label),
      level: 'warn',
      title: `${label} cannot be read.`,
      detail: reason,
    }),
  );
}

function left({ left: files, here }: Examined): Diagnosis[] {
  return files.map((file) =>
    diagnosis({
      id: idOf('left', file),
      level: 'warn',
      title: `${shown(file, here.home)} could not be put back as it was, and may still name this app.`,
      detail: `Claude Code's settings have moved from there since. Correct the file: it is put back when the proxy is switched on next.`,
    }),
  );
}

/** What earlier fixes did. */
function undoable({ offLines, notes }: Examined): Diagnosis[] {
  const lines = offLines.map(({ name, label, on }) => {
    const title = `${name} was switched off by this app (${label}).`;
    const detail = 'The line is still there as a comment.';
    return diagnosis({ id: idOf('line-on', name, label), level: 'info', title, detail }, on);
  });
  const values = notes.map(({ id, path, label }) => {
    const title = `${path.at(-1) ?? ''} was changed by this app (${label}).`;
    const detail = 'What stood there before is kept.';
    return diagnosis({ id: `take-back:${id}`, level: 'info', title, detail }, { kind: 'take-back', id });
  });
  return [...lines, ...values];
}
