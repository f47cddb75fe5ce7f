import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AppState } from '../../../shared/app-state.ts';
import type { CallArgument } from '../../../shared/ipc/contract.ts';
import { call } from '../../api/client.ts';
import { clientsReportQuery, useFromState } from '../../api/queries.ts';
import { showError } from '../../api/toasts.ts';

/** What the report depends on besides files: where the proxy listens and which keys there are. */
function reportBasis({ proxy, clientKeys }: AppState): string {
  const keys = clientKeys.filter((key) => key.revokedAt === null).map((key) => key.id);
  return [proxy.phase, proxy.port, ...keys].join(' ');
}

/** The report on clients, read again when the window gets the focus and when the proxy or a key changes. */
export function useClientsReport() {
  const basis = useFromState(reportBasis);
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the basis is the reason to read again.
  useEffect(() => {
    void client.invalidateQueries({ queryKey: clientsReportQuery.queryKey });
  }, [client, basis]);
  return useQuery(clientsReportQuery);
}

type ClientsChange = 'clients.apply' | 'clients.restore' | 'clients.fix';

/** Changes a client's files; the report is read again, also after a failure, since half of it may have happened. */
export function useClientsChange<N extends ClientsChange>(name: N, failure: string | null) {
  const client = useQueryClient();
  return useMutation<null, Error, CallArgument<N>>({
    mutationFn: async (argument) => {
      await call(name, argument);
      return null;
    },
    onError: (error) => {
      if (failure !== null) showError(failure, error);
    },
    onSettled: () => client.invalidateQueries({ queryKey: clientsReportQuery.queryKey }),
  });
}
