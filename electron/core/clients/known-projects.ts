import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { notesFile, type Surroundings } from './claude-code-places.ts';
import { exists } from './file-access.ts';

/** Largest notes that are read, bytes. Old versions kept what was pasted into prompts there. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Most projects that are tried, and most that are looked at, the newest first. */
const [MAX_TRIED, MAX_FOUND] = [500, 50];

/** Longest search, ms: a folder may be on a disk of the network that does not answer. */
const WITHIN_MS = 2000;

const notesSchema = z.object({ projects: z.record(z.string(), z.unknown()) });

/** Folders of projects that Claude Code was used in and that have settings of their own. Never throws. */
export async function knownProjects(here: Surroundings, clock: Clock): Promise<string[]> {
  const folders = (await listed(notesFile(here))).filter((folder) => isAbsolute(folder));
  const found: string[] = [];
  let late = false;
  const search = async (): Promise<void> => {
    for (const folder of folders.reverse().slice(0, MAX_TRIED)) {
      if (late || found.length === MAX_FOUND) return;
      if (await exists(join(folder, '.claude'))) found.push(folder);
    }
  };
  await new Promise<void>((resolve) => {
    const timer = clock.after(WITHIN_MS, () => {
      late = true;
      resolve();
    });
    void search().then(() => {
      timer.cancel();
      resolve();
    });
  });
  return [...found];
}

async function listed(file: string): Promise<string[]> {
  try {
    if ((await stat(file)).size > MAX_BYTES) return [];
    return Object.keys(notesSchema.parse(JSON.parse(await readFile(file, 'utf8'))).projects);
  } catch {
    return [];
  }
}
