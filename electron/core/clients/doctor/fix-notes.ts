import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeOwnFile } from '../file-access.ts';

/** Fixes that can be taken back; older ones are forgotten with their backups. */
const MAX_NOTES = 50;

const noteSchema = z.object({
  id: z.string(),
  file: z.string(),
  path: z.array(z.string()),
  /** Words for people: file and key. */
  label: z.string(),
  /** Raw JSON that stood there; null for nothing. Private like the file it comes from. */
  previous: z.string().nullable(),
  /** Raw JSON that the fix left; null for nothing. */
  left: z.string().nullable(),
  /** UTC ms. */
  at: z.number(),
});

/** A change of a JSON settings file by a fix, and how to take it back. */
export type FixNote = z.infer<typeof noteSchema>;

/** Notes and backups of fixes, below `folder`, each file for its owner only. */
export function createFixNotes(folder: string) {
  const file = join(folder, 'fixes.json');
  const backupOf = (id: string): string => join(folder, 'fixes', `${id}.backup`);

  async function list(): Promise<FixNote[]> {
    const text = await readFile(file, 'utf8').catch(() => '[]');
    const parsed = z.array(noteSchema).safeParse(parse(text));
    return parsed.success ? parsed.data : [];
  }

  async function save(notes: readonly FixNote[]): Promise<void> {
    await writeOwnFile(file, Buffer.from(`${JSON.stringify(notes, null, 2)}\n`));
  }

  return {
    list,
    /** Keeps a whole file as it was before a fix. */
    backUp: (id: string, bytes: Uint8Array): Promise<void> => writeOwnFile(backupOf(id), bytes),

    async add(note: FixNote): Promise<void> {
      const notes = [...(await list()), note];
      for (const old of notes.slice(0, -MAX_NOTES)) await rm(backupOf(old.id), { force: true });
      await save(notes.slice(-MAX_NOTES));
    },

    async drop(id: string): Promise<void> {
      await save((await list()).filter((note) => note.id !== id));
      await rm(backupOf(id), { force: true });
    },
  };
}

/** See {@link createFixNotes}. */
export type FixNotes = ReturnType<typeof createFixNotes>;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}
