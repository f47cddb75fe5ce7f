import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { SettingsPatch } from '../../../shared/settings.ts';
import type { ProvisionedAccount } from '../accounts/provisioned-account.ts';
import { AppError } from '../errors.ts';
import type { Audit } from '../ports.ts';
import { withEnvironment } from './env-references.ts';
import { issueWords } from './issue-words.ts';
import { type Provision, provisionSchema } from './provision-file.ts';

/** Larger than any honest provision file, bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The neighbours a provision file is applied to; each leaves alone what is so already. */
export type ProvisionTargets = {
  accounts: { provision(wanted: ProvisionedAccount): boolean };
  clientKeys: { provision(name: string, key: string): string };
  settings: {
    current(): object;
    patch(change: SettingsPatch): unknown;
    readonly overridden: ReadonlyMap<string, string>;
  };
  audit: Audit;
};

/**
 * Reads the file of `--provision` and the variables that it names.
 * @throws AppError `file_unreadable`; `file_invalid` naming the place and what is expected, never what stands there
 */
export function readProvision(file: string, env: Record<string, string | undefined>): Provision {
  return parseProvision(parseJson(readText(file)), env);
}

/** The same for a value that is in memory already. @throws AppError `file_invalid` */
export function parseProvision(value: unknown, env: Record<string, string | undefined>): Provision {
  const parsed = provisionSchema.safeParse(withEnvironment(value, env));
  if (!parsed.success) {
    throw new AppError('file_invalid', `Provision file, ${issueWords(parsed.error.issues[0])}.`);
  }
  requireOnce('accounts', parsed.data.accounts ?? []);
  requireOnce('clientKeys', parsed.data.clientKeys ?? []);
  return parsed.data;
}

/**
 * Makes settings, client keys and accounts so, matched by name without regard to case. What the file does not name
 * is not touched; what is so already is neither written nor put on record. Answers how many entries changed something.
 * @throws AppError of the neighbours: `vault_locked`, `conflict`, `invalid_input`
 */
export function applyProvision(provision: Provision, targets: ProvisionTargets): { changed: number } {
  let changed = applySettings(provision.settings ?? {}, targets) ? 1 : 0;
  for (const { name, key } of provision.clientKeys ?? []) {
    const outcome = targets.clientKeys.provision(name, key);
    if (outcome === 'added' || outcome === 'changed') changed += 1;
  }
  for (const account of provision.accounts ?? []) {
    if (targets.accounts.provision(account)) changed += 1;
  }
  return { changed };
}

/** A setting that an environment variable decides in this run is left for a run without the variable. */
function applySettings(wanted: SettingsPatch, { settings, audit }: ProvisionTargets): boolean {
  const current = new Map<string, unknown>(Object.entries(settings.current()));
  const news = Object.entries(wanted).filter(
    ([key, value]) => !isDeepStrictEqual(current.get(key), value) && !settings.overridden.has(key),
  );
  if (news.length === 0) return false;
  settings.patch(Object.fromEntries(news));
  const subject = news.map(([key]) => key).join(' ');
  audit.write({ actor: 'provision', action: 'settings.change', subject, outcome: 'ok', detail: null });
  return true;
}

function readText(file: string): string {
  let text: string | null;
  try {
    text = readBounded(file);
  } catch (error) {
    throw new AppError(
      'file_unreadable',
      'The provision file cannot be read. Check its path and rights.',
      error,
    );
  }
  if (text === null) throw new AppError('file_invalid', 'The provision file is larger than 4 MB.');
  return text;
}

function readBounded(file: string): string | null {
  const handle = openSync(file, 'r');
  try {
    return fstatSync(handle).size > MAX_BYTES ? null : readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

/** The parser's own message would quote the text, secrets included. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new AppError('file_invalid', 'The provision file is not valid JSON.');
  }
}

function requireOnce(list: 'accounts' | 'clientKeys', entries: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { name }] of entries.entries()) {
    const known = seen.size === seen.add(name.toLowerCase()).size;
    if (known)
      throw new AppError('file_invalid', `Provision file, ${list}[${index}].name: each name only once.`);
  }
}
