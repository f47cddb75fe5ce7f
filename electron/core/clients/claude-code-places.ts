import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { exists } from './file-access.ts';

/** The computer as the set-up sees it. */
export type Surroundings = {
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the one of the operating system; for tests. */
  readonly managedSettingsFile?: string | undefined;
};

/** Settings that an organisation imposes (Claude Code documentation, managed settings). */
const MANAGED: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/ClaudeCode/managed-settings.json',
  win32: 'C:\\Program Files\\ClaudeCode\\managed-settings.json',
};

/** Most parts of an organisation's settings that are read. */
const MAX_PARTS = 50;

const MANAGED_ELSEWHERE = '/etc/claude-code/managed-settings.json';

/** Folder of the user's settings: `~/.claude` (on Windows below the profile), or where CLAUDE_CONFIG_DIR says. */
export function settingsFolder({ home, env }: Surroundings): string {
  const moved = env.CLAUDE_CONFIG_DIR?.trim() ?? '';
  return moved === '' ? join(home, '.claude') : expanded(moved, home);
}

/** A folder as a shell would read it. */
export function expanded(folder: string, home: string): string {
  const path = folder.replace(/^(?:~|\$HOME|\$\{HOME\})(?=$|[\\/])/, home);
  return isAbsolute(path) ? path : resolve(home, path);
}

/** The user's settings file. */
export function settingsFile(here: Surroundings): string {
  return join(settingsFolder(here), 'settings.json');
}

/** Claude Code's own notes of what it has seen, projects among them; beside the settings once those are moved. */
export function notesFile(here: Surroundings): string {
  const moved = (here.env.CLAUDE_CONFIG_DIR?.trim() ?? '') !== '';
  return join(moved ? settingsFolder(here) : here.home, '.claude.json');
}

/** The settings files of an organisation, strongest first: the parts beside the file, the last of them by name first. */
export async function managedFiles({ platform, managedSettingsFile }: Surroundings): Promise<string[]> {
  const file = managedSettingsFile ?? MANAGED[platform] ?? MANAGED_ELSEWHERE;
  const folder = join(dirname(file), 'managed-settings.d');
  const names = await readdir(folder).catch(() => []);
  const parts = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  return [
    ...parts
      .slice(-MAX_PARTS)
      .map((name) => join(folder, name))
      .reverse(),
    file,
  ];
}

/** Path as people write it: with `~` for their own folder. */
export function shown(path: string, home: string): string {
  return path === home || path.startsWith(`${home}/`) || path.startsWith(`${home}\\`)
    ? `~${path.slice(home.length)}`
    : path;
}

/**
 * Whether Claude Code seems to be installed or used: its command, or its files. `folderIsOurs`: the settings folder
 * was made by us and says nothing.
 */
export async function findClaudeCode(
  here: Surroundings,
  folderIsOurs: boolean,
): Promise<{ found: boolean; command: string | null }> {
  const command = await findCommand(here);
  if (command !== null) return { found: true, command };
  const used = !folderIsOurs && (await exists(settingsFolder(here)));
  return { found: used || (await exists(join(here.home, '.claude.json'))), command: null };
}

async function findCommand({ home, platform, env }: Surroundings): Promise<string | null> {
  const windows = platform === 'win32';
  const path = (env.PATH ?? env.Path ?? '').split(windows ? ';' : ':').filter((folder) => folder !== '');
  // Where its installers put it; apps started from a desktop have a shorter PATH than shells.
  const folders = [...path.slice(0, 200), join(home, '.local', 'bin'), join(home, '.claude', 'local')];
  const names = windows ? ['claude.exe', 'claude.cmd', 'claude.ps1'] : ['claude'];
  for (const folder of folders) {
    for (const name of names) {
      if (await exists(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

/** Whether other users of this computer can read a file in the user's folder: it and the folders above let them. */
export async function isExposed(file: string, { home, platform }: Surroundings): Promise<boolean> {
  if (platform === 'win32') return false;
  const [own, ...above] = await Promise.all(
    [file, dirname(file), home].map((path) => stat(path).catch(() => null)),
  );
  const readable = own != null && (own.mode & 0o044) !== 0;
  return readable && above.every((folder) => folder !== null && (folder.mode & 0o011) !== 0);
}
