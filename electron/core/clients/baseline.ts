import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exists, removeFile, replaceFile, type Snapshot, unreadable } from './file-access.ts';
import { decode, encode, type JsonText, NO_TEXT } from './json-text.ts';
import { ADDRESS, type Before, lookBefore, type OurName, place, undo, type Wanted } from './placement.ts';
import { hashOf, type SetUp, type SetupRecords } from './setup-record.ts';

/** Says whether a value in the settings is one that we wrote. */
export type IsOurs = (name: OurName, value: unknown) => boolean;

/** What the file would be without us; null when there would be none. */
export type Baseline = Buffer | null;

/** A change that is about to be made. */
export type Change = {
  readonly file: string;
  readonly baseline: Baseline;
  readonly next: Buffer;
  readonly wanted: Wanted;
  readonly port: number;
};

/**
 * What the file would be without us: the backup while the file is as we wrote it, else the file with only our values
 * taken back. It never names our address, so that can be neither backed up nor restored.
 * @throws AppError `client_settings_unreadable`
 */
export async function withoutUs(
  records: SetupRecords,
  now: Snapshot,
  setUp: SetUp | null,
  isOurs: IsOurs,
): Promise<Baseline> {
  if (setUp !== null && isAsWritten(now, setUp)) {
    if (setUp.baseline === null) return null;
    const backup = await records.readBackup(setUp);
    // An address in it may have become ours since, e.g. when we took over the port of another program.
    if (backup !== null) return undone(backup, UNKNOWN_BEFORE, (...it) => it[0] === ADDRESS && isOurs(...it));
  }
  return now === null ? null : undone(now.bytes, setUp ?? UNKNOWN_BEFORE, isOurs);
}

function undone(bytes: Buffer, before: Before, isOurs: IsOurs): Baseline {
  const { text, bom } = decode(bytes);
  const rest = undo(text, before, isOurs);
  if (rest === null) return null;
  return rest === text ? bytes : encode({ text: rest, bom });
}

/** With a lost record nothing is known, and nothing but our own values is taken out. */
const UNKNOWN_BEFORE = { fileExisted: true, envExisted: true, previous: {} };

/** The file with us in it: made from what it is without us, so that doing it twice changes nothing. */
export function withUs(baseline: Baseline, wanted: Wanted): Buffer {
  const { text, bom } = textOf(baseline);
  return encode({ text: place(text, wanted), bom });
}

/** Backs up the baseline and says what must be on record before the file is changed. @throws AppError as `backUp` */
export async function remember(records: SetupRecords, change: Change, old: SetUp | null): Promise<SetUp> {
  const { file, baseline, next, wanted, port } = change;
  const kept = baseline === null ? { backup: null, baseline: null, at: 0 } : await records.backUp(baseline);
  const hash = hashOf(next);
  const before = old !== null && old.baseline === kept.baseline ? old.written : [];
  return {
    file,
    folderExisted: old === null ? await exists(dirname(file)) : old.folderExisted,
    ...lookBefore(baseline === null ? null : textOf(baseline).text, wanted),
    ...kept,
    written: [hash, ...before.filter((other) => other !== hash)].slice(0, 2),
    port,
  };
}

/** Makes a file what it is to be, its folder included. @throws AppError as `replaceFile` */
export async function writeSettings(file: string, now: Snapshot, bytes: Buffer): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unreadable(
      'The settings folder cannot be made. Check that the folder above belongs to you.',
      error,
    );
  }
  await replaceFile(file, now, bytes);
}

/** Removes the file, and the folder when we made it and nobody else uses it. @throws AppError as `removeFile` */
export async function removeSettings(file: string, now: Snapshot, folderExisted: boolean): Promise<void> {
  await removeFile(file, now);
  if (!folderExisted) await rmdir(dirname(file)).catch(() => undefined);
}

/** Whether the file is byte for byte what we wrote. */
function isAsWritten(now: Snapshot, { written }: SetUp): boolean {
  return now !== null && written.includes(hashOf(now.bytes));
}

/** Whether the file is what it was before us, as after a crash just before it was written. */
export function isAsBefore(now: Snapshot, { baseline }: SetUp): boolean {
  return (now === null ? null : hashOf(now.bytes)) === baseline;
}

/** Text of bytes that may not be there. @throws AppError `client_settings_unreadable` */
export function textOf(bytes: Buffer | null): JsonText {
  return bytes === null ? NO_TEXT : decode(bytes);
}
