import { accountNameSchema, DEFAULT_PRIORITY } from '../../../shared/account.ts';
import type { ImportAccount } from '../../../shared/import.ts';
import type { SourceAccount } from './account-rows.ts';

/** Longest name, and largest priority there is. */
const MAX_NAME = 60;
const LAST_PRIORITY = 999;

/** The accounts that are here, as far as a plan has to know them. */
export type AccountsHere = {
  readonly all: readonly { readonly id: string; readonly name: string }[];
  /** The account that this one became in an earlier import, or that has the same secret. */
  known(account: SourceAccount): { readonly id: string; readonly name: string } | null;
};

/** What becomes of an account. */
export type PlannedAccount = {
  readonly source: SourceAccount;
  /** As the preview shows it. */
  readonly view: ImportAccount;
  /** The name it gets. */
  readonly name: string;
  /** The account that it is already; null when it is not here. */
  readonly hereId: string | null;
};

/** Decides names and priorities of all that can come, so that preview and import say the same. */
export function planAccounts(sources: readonly SourceAccount[], here: AccountsHere): PlannedAccount[] {
  const taken = new Set(here.all.map(({ name }) => fold(name)));
  const priorityOf = prioritiesOf(sources);
  return sources.map((source) => {
    const known = here.known(source);
    const comes = known === null && source.skipped === null;
    const name = comes ? freeName(source.name, taken) : shown(source.name);
    if (comes) taken.add(fold(name));
    const view = viewOf(source, known, name, priorityOf(source));
    return { source, view, name, hereId: known?.id ?? null };
  });
}

function viewOf(
  source: SourceAccount,
  known: { readonly name: string } | null,
  name: string,
  priority: number,
): ImportAccount {
  const comes = known === null && source.skipped === null;
  return {
    sourceId: source.sourceId,
    name: shown(source.name),
    kind: source.kind,
    priority,
    paused: source.paused,
    renamedTo: comes && name !== source.name ? name : null,
    skipped: known === null ? source.skipped : `It is here already, as "${known.name}".`,
    note: comes ? source.note : null,
  };
}

/** ccflare knows no priorities, and where better-ccflare gave all accounts the same, nobody has put them in an order. */
function prioritiesOf(sources: readonly SourceAccount[]): (source: SourceAccount) => number {
  const isOrdered = new Set(sources.map(({ priority }) => priority)).size > 1;
  return ({ kind, priority }) =>
    priority === null || !isOrdered
      ? DEFAULT_PRIORITY[kind ?? 'api-key']
      : Math.min(Math.max(Math.round(priority), 0), LAST_PRIORITY);
}

/** The name itself where it is allowed and free, else with a number behind. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = allowed(wanted);
  for (let n = 1; ; n += 1) {
    const ending = n === 1 ? '' : ` (${n})`;
    const name = `${base.slice(0, MAX_NAME - ending.length).trim()}${ending}`;
    if (!taken.has(fold(name))) return name;
  }
}

function allowed(name: string): string {
  const parsed = accountNameSchema.safeParse(name.slice(0, MAX_NAME));
  return parsed.success ? parsed.data : 'Imported account';
}

function shown(name: string): string {
  return name === '' ? 'Account without a name' : name.slice(0, MAX_NAME);
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
