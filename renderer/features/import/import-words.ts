import { formatTokens } from '../../../shared/format.ts';
import type { ImportAccount, ImportResult, ImportSource } from '../../../shared/import.ts';

/** Names of the programs as their users know them. */
export const PRODUCT_NAMES: Record<ImportSource['product'], string> = {
  ccflare: 'ccflare',
  'better-ccflare': 'better-ccflare',
};

/** "1 request", "12.4k requests". */
export function counted(count: number, one: string, many: string): string {
  return `${formatTokens(count)} ${count === 1 ? one : many}`;
}

/** What comes with an account, in a few words. */
export function accountWords({ kind, priority, paused }: ImportAccount): string {
  const parts = [kind === 'oauth' ? 'subscription login' : 'API key', `priority ${priority}`];
  return (paused ? [...parts, 'paused'] : parts).join(', ');
}

/** The counts of a finished import, leaving out what there was none of. */
export function resultLines(result: ImportResult): string[] {
  const lines: [number, string, string][] = [
    [result.accountsAdded, 'account added', 'accounts added'],
    [result.accountsSkipped, 'account left out', 'accounts left out'],
    [result.settingsTaken, 'setting taken over', 'settings taken over'],
    [result.agentPreferences, 'agent preference taken over', 'agent preferences taken over'],
    [result.requestsAdded, 'request added to the log', 'requests added to the log'],
    [result.requestsKnown, 'request was here already', 'requests were here already'],
    [result.requestsBroken, 'request could not be read', 'requests could not be read'],
  ];
  const present = lines.filter(([count]) => count > 0);
  if (present.length === 0) return ['Nothing had to be taken over.'];
  return present.map(([count, one, many]) => counted(count, one, many));
}
