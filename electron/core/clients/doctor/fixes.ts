import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { randomId } from '../../ids.ts';
import { textOf } from '../baseline.ts';
import { shown } from '../claude-code-places.ts';
import { readSnapshot, replaceFile } from '../file-access.ts';
import { plainJson, removeValue, setValue } from '../json-edit.ts';
import { encode, valueAt } from '../json-text.ts';
import type { Fix } from './facts.ts';
import type { FixNote, FixNotes } from './fix-notes.ts';
import { dialectOf } from './profiles.ts';
import { switchedOff, withoutMark } from './shell-lines.ts';

/** What carrying out a fix needs. */
export type FixDeps = { readonly notes: FixNotes; readonly clock: Clock; readonly home: string };

/**
 * Carries out one fix, with a backup first.
 * @throws AppError `client_settings_unreadable`, `client_settings_changed`, `data_dir_unusable`
 */
export function carryOut(fix: Fix, deps: FixDeps): Promise<void> {
  switch (fix.kind) {
    case 'make-plain':
      return makePlain(fix.file, deps);
    case 'take-out':
      return changeJson(fix, null, deps);
    case 'set':
      return changeJson(fix, JSON.stringify(fix.value), deps);
    case 'take-back':
      return takeBack(fix.id, deps);
    case 'line-off':
      return changeLine(fix, switchedOff(fix.line, dialectOf(fix.file)), deps);
    case 'line-on':
      return changeLine(fix, withoutMark(fix.line, dialectOf(fix.file)) ?? fix.line, deps);
  }
}

/** What a fix would make of the text of the settings file; null for one of something else. */
export function editOf(fix: Fix): ((text: string) => string) | null {
  if (fix.kind === 'make-plain') return plainJson;
  return fix.kind === 'set' ? (text) => setValue(text, fix.path, JSON.stringify(fix.value)) : null;
}

/** The notes whose change still stands: nobody has set the value again or taken it out. */
export async function standingNotes(notes: FixNotes): Promise<FixNote[]> {
  const standing: FixNote[] = [];
  for (const note of await notes.list()) {
    const now = await readSnapshot(note.file).catch(() => null);
    if (now !== null && rawAt(now.bytes, note.path) === note.left) standing.push(note);
  }
  return standing;
}

/** Undefined when the file cannot be read. */
function rawAt(bytes: Buffer, path: readonly string[]): string | null | undefined {
  try {
    return valueAt(textOf(bytes).text, path)?.raw ?? null;
  } catch {
    return undefined;
  }
}

type JsonPlace = { readonly file: string; readonly path: readonly string[] };

async function changeJson({ file, path }: JsonPlace, raw: string | null, deps: FixDeps): Promise<void> {
  const { notes, clock, home } = deps;
  const now = await readSnapshot(file);
  const { text, bom } = textOf(now?.bytes ?? null);
  const id = randomId();
  if (now !== null) await notes.backUp(id, now.bytes);
  const previous = valueAt(text, path)?.raw ?? null;
  const label = shown(file, home);
  await notes.add({ id, file, path: [...path], label, previous, left: raw, at: clock.now() });
  const next = raw === null ? removeValue(text, path) : setValue(text, path, raw);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceFile(file, now, encode({ text: next, bom }));
}

async function takeBack(id: string, { notes }: FixDeps): Promise<void> {
  const note = (await notes.list()).find((other) => other.id === id);
  if (note === undefined) throw new AppError('not_found', 'This change has been taken back already.');
  const now = await readSnapshot(note.file);
  const { text, bom } = textOf(now?.bytes ?? null);
  const next =
    note.previous === null ? removeValue(text, note.path) : setValue(text, note.path, note.previous);
  if (next !== text) await replaceFile(note.file, now, encode({ text: next, bom }));
  await notes.drop(id);
}

async function makePlain(file: string, { notes }: FixDeps): Promise<void> {
  const now = await readSnapshot(file);
  if (now === null) return;
  const { text, bom } = textOf(now.bytes);
  const next = plainJson(text);
  await notes.backUp(nameFor('plain', file), now.bytes);
  await replaceFile(file, now, encode({ text: next, bom }));
}

/** One backup per file: its name stays the same, so that they cannot pile up. */
function nameFor(kind: string, file: string): string {
  return `${kind}-${createHash('sha256').update(file).digest('hex').slice(0, 16)}`;
}

type LinePlace = { readonly file: string; readonly number: number; readonly line: string };

async function changeLine(
  { file, number, line }: LinePlace,
  next: string,
  { notes }: FixDeps,
): Promise<void> {
  const now = await readSnapshot(file);
  // Bytes as characters, so that whatever encoding the rest has comes out as it went in.
  const lines = now?.bytes.toString('latin1').split('\n') ?? [];
  const present = lines[number - 1];
  if (now === null || present?.replace(/\r$/, '') !== line) {
    throw new AppError(
      'client_settings_changed',
      'The file was changed in the meantime. Look at the findings again.',
    );
  }
  await notes.backUp(nameFor('profile', file), now.bytes);
  lines[number - 1] = present.endsWith('\r') ? `${next}\r` : next;
  await replaceFile(file, now, Buffer.from(lines.join('\n'), 'latin1'));
}
