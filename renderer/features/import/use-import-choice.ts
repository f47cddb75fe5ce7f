import { useState } from 'react';
import type { ImportPreview } from '../../../shared/import.ts';
import type { CallArgument } from '../../../shared/ipc/contract.ts';

/** Parts of an import besides the accounts. */
export type Part = 'settings' | 'requests' | 'agentPreferences';

/** What the user wants of an old database; at first everything that can come. */
export function useImportChoice(preview: ImportPreview) {
  const coming = preview.accounts.filter((account) => account.skipped === null);
  const [accounts, setAccounts] = useState<ReadonlySet<string>>(
    () => new Set(coming.map((account) => account.sourceId)),
  );
  const [parts, setParts] = useState<Record<Part, boolean>>({
    settings: preview.settings.length > 0,
    requests: preview.requests.count > 0,
    agentPreferences: preview.agentPreferences > 0,
  });
  const [consent, setConsent] = useState(false);
  const consentNeeded = coming.some(({ kind, sourceId }) => kind === 'oauth' && accounts.has(sourceId));
  return {
    coming,
    accounts,
    parts,
    consent,
    setConsent,
    /** Whether a subscription login is among the chosen accounts. */
    consentNeeded,
    isEmpty: accounts.size === 0 && !Object.values(parts).includes(true),
    toggleAccount: (sourceId: string, wanted: boolean) =>
      setAccounts((old) => toggled(old, sourceId, wanted)),
    togglePart: (part: Part, wanted: boolean) => setParts((old) => ({ ...old, [part]: wanted })),
    argument: (): CallArgument<'import.run'> => ({
      sourceId: preview.source.id,
      accounts: coming.map((account) => account.sourceId).filter((sourceId) => accounts.has(sourceId)),
      consent: consentNeeded && consent,
      ...parts,
    }),
  };
}

/** See {@link useImportChoice}. */
export type ImportChoice = ReturnType<typeof useImportChoice>;

function toggled(set: ReadonlySet<string>, item: string, wanted: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (wanted) next.add(item);
  else next.delete(item);
  return next;
}
