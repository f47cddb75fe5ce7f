import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallArgument } from '../../../shared/ipc/contract.ts';
import { call } from '../../api/client.ts';
import { queryKeys } from '../../api/queries.ts';

type SessionCall = 'sessions.move' | 'sessions.pin' | 'sessions.release';

/** A wish about one session. The board is no slice of the state, so it is read again afterwards. */
export function useSessionAction<N extends SessionCall>(name: N, onFailure?: (error: Error) => void) {
  const client = useQueryClient();
  return useMutation<null, Error, CallArgument<N>>({
    mutationFn: (argument) => call<SessionCall>(name, argument).then(() => null),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.sessions }),
    onError: (error) => onFailure?.(error),
  });
}
