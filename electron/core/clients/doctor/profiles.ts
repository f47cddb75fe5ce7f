import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Surroundings } from '../claude-code-places.ts';
import type { Dialect } from './shell-lines.ts';

/** Most files of fish's `conf.d` that are read. */
const MAX_PARTS = 50;

const SH = ['.bashrc', '.bash_profile', '.profile'];
const ZSH = ['.zshenv', '.zprofile', '.zshrc'];
const POWERSHELL = ['profile.ps1', 'Microsoft.PowerShell_profile.ps1'];

/** The language of a profile, by its name. */
export function dialectOf(file: string): Dialect {
  if (extname(file) === '.ps1') return 'powershell';
  return extname(file) === '.fish' ? 'fish' : 'sh';
}

/** The profiles that shells of this user may read; not all of them exist. */
export async function profileFiles({ home, platform, env }: Surroundings): Promise<string[]> {
  const config = env.XDG_CONFIG_HOME || join(home, '.config');
  const fish = join(config, 'fish');
  const parts = await readdir(join(fish, 'conf.d')).catch(() => []);
  const fishParts = parts.filter((name) => name.endsWith('.fish')).slice(0, MAX_PARTS);
  return [
    ...SH.map((name) => join(home, name)),
    ...ZSH.map((name) => join(env.ZDOTDIR || home, name)),
    join(fish, 'config.fish'),
    ...fishParts.map((name) => join(fish, 'conf.d', name)),
    ...powershellFolders(home, platform, config).flatMap((folder) =>
      POWERSHELL.map((name) => join(folder, name)),
    ),
  ];
}

function powershellFolders(home: string, platform: NodeJS.Platform, config: string): string[] {
  if (platform !== 'win32') return [join(config, 'powershell')];
  const documents = [join(home, 'Documents'), join(home, 'OneDrive', 'Documents')];
  return documents.flatMap((folder) => [join(folder, 'PowerShell'), join(folder, 'WindowsPowerShell')]);
}
