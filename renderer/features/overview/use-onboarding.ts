import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { ClientKeyView } from '../../../shared/client-key.ts';
import { CONNECTION_TEST_CLIENT } from '../../../shared/clients.ts';
import type { RequestRow } from '../../../shared/request-record.ts';
import type { Settings } from '../../../shared/settings.ts';
import { isFine } from '../../api/matches-filter.ts';
import { useSettingsPatch } from '../../api/mutations.ts';
import { useFromState } from '../../api/queries.ts';
import { showError } from '../../api/toasts.ts';

/** Windows in which the first start was on screen: there it stays until it is left, also after the first request. */
const begun = new WeakSet<QueryClient>();

/**
 * The first start. It shows itself only while nothing was ever requested here, so that whoever updates an installation
 * in use never meets it. `all` is undefined while the requests are not known; those of an older program, which an
 * import brought, and those of the app's own connection test prove nothing and are left out of `recent`.
 */
export function useOnboarding(all: readonly RequestRow[] | undefined) {
  const recent = useMemo(() => all?.filter(isProof), [all]);
  const keys = useFromState((state) => state.clientKeys);
  const client = useQueryClient();
  const stored = useFromState((state) => state.settings.onboarding);
  const patch = useSettingsPatch();
  const isNew = recent !== undefined && (recent.length === 0 || begun.has(client));
  const shown = stored === 'open' && isNew;
  useEffect(() => {
    if (shown) begun.add(client);
  }, [shown, client]);
  const change = (onboarding: Settings['onboarding']) => {
    if (onboarding === 'open') begun.add(client);
    patch.mutate(
      { onboarding },
      { onSuccess: focusPage, onError: (error) => showError('Could not save that', error) },
    );
  };
  return {
    shown,
    /** Undefined while they are not known. */
    recent,
    /** Name of a key that a client has come with; null when none has. */
    keyOfClient: keys.find((key) => isUsed(key, all ?? []))?.name ?? null,
    /** Whether it was skipped and its end is still to come. */
    resumable: stored === 'skipped' && recent !== undefined && !recent.some(isFine),
    change,
  };
}

function isProof({ imported, client }: RequestRow): boolean {
  return !imported && client !== CONNECTION_TEST_CLIENT;
}

/** A key that the connection test has used says nothing by that; requests of others with it do. */
function isUsed({ id, lastUsedAt }: ClientKeyView, all: readonly RequestRow[]): boolean {
  const rows = all.filter(({ clientKeyId }) => clientKeyId === id);
  return lastUsedAt !== null && (rows.some(isProof) || rows.every(({ imported }) => imported));
}

/** The button that was pressed goes away with its page, so the focus goes to what takes its place. */
function focusPage(): void {
  document.getElementById('main')?.focus({ preventScroll: true });
}
