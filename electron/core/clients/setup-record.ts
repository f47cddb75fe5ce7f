import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../ports.ts';
import { writeOwnFile } from './file-access.ts';

const raw = z.string().nullable();

const setUpSchema = z.object({
  /** Settings file that was changed. */
  file: z.string(),
  folderExisted: z.boolean(),
  fileExisted: z.boolean(),
  envExisted: z.boolean(),
  /** Raw JSON of each variable before us; null where there was none. */
  previous: z.object({ ANTHROPIC_BASE_URL: raw, CLAUDE_CODE_GATEWAY_HINT_HEADERS: raw }).partial(),
  /** SHA-256 of the file as we write it, newest first; with the one before, since a crash may fall in between. */
  written: z.array(z.string()).max(2),
  /** SHA-256 of what `restore` puts back; null where it removes the file. */
  baseline: z.string().nullable(),
  /** Name of the backup beside the record. */
  backup: z.string().nullable(),
  /** UTC ms at which the backup was made and read back. */
  at: z.number(),
  port: z.number(),
});

const recordSchema = z.object({
  version: z.literal(1),
  /** What the user chose; outlives switching off and quitting. */
  wanted: z.boolean(),
  hints: z.boolean(),
  /** Present from just before the settings file is changed until just after it is put back. */
  setUp: setUpSchema.nullable(),
  /** Set-ups in places that Claude Code's settings have left since, whose files could not be put back so far. */
  left: z.array(setUpSchema).default([]),
});

/** What was done to a settings file, and how to take it back. */
export type SetUp = z.infer<typeof setUpSchema>;

/** What the app remembers of Claude Code's set-up. Holds previous values, so it is as private as the file itself. */
export type SetupRecord = z.infer<typeof recordSchema>;

const NOTHING: SetupRecord = { version: 1, wanted: false, hints: false, setUp: null, left: [] };

/** Lower-case hex SHA-256. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Record and backups in `folder`, each file for its owner only. */
export function createSetupRecords(folder: string, clock: Clock, log: Logger) {
  const file = join(folder, 'claude-code.json');

  return {
    /** The record; that of a fresh install when there is none or it cannot be understood. */
    async load(): Promise<SetupRecord> {
      const text = await readFile(file, 'utf8').catch(() => null);
      if (text === null) return NOTHING;
      const parsed = recordSchema.safeParse(jsonOf(text));
      if (parsed.success) return parsed.data;
      // The settings file itself still says whether it names us.
      log.warn('client_setup_record_unreadable');
      return NOTHING;
    },

    async save(record: SetupRecord): Promise<void> {
      await writeOwnFile(file, Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
      await removeBackups(folder, [record.setUp, ...record.left]);
    },

    /**
     * Keeps bytes, and makes sure that they can be read back.
     * @throws AppError `data_dir_unusable` when the disk did not keep them
     */
    async backUp(bytes: Uint8Array): Promise<Pick<SetUp, 'backup' | 'baseline' | 'at'>> {
      const baseline = hashOf(bytes);
      const backup = `settings-${baseline.slice(0, 16)}.backup`;
      await writeOwnFile(join(folder, backup), bytes);
      const kept = await readFile(join(folder, backup));
      if (hashOf(kept) === baseline) return { backup, baseline, at: clock.now() };
      throw new AppError(
        'data_dir_unusable',
        'The backup of the settings could not be verified, so nothing was changed. Check the disk of the data folder.',
      );
    },

    /** The bytes of the backup; null when it is gone or is not what was kept. */
    async readBackup({ backup, baseline }: SetUp): Promise<Buffer | null> {
      if (backup === null) return null;
      const bytes = await readFile(join(folder, backup)).catch(() => null);
      return bytes !== null && hashOf(bytes) === baseline ? bytes : null;
    },
  };
}

/** See {@link createSetupRecords}. */
export type SetupRecords = ReturnType<typeof createSetupRecords>;

/** Backups hold what may be secrets, so none stays longer than it is needed. */
async function removeBackups(folder: string, needing: readonly (SetUp | null)[]): Promise<void> {
  const needed = new Set(needing.map((setUp) => setUp?.backup));
  const names = await readdir(folder);
  const old = names.filter((name) => /^settings-[0-9a-f]+\.backup$/.test(name) && !needed.has(name));
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
