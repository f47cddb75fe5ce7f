import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AppState } from '../../shared/app-state.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallAnswer, CallArgument } from '../../shared/ipc/contract.ts';
import { call } from './client.ts';
import { queryKeys } from './queries.ts';
import { showError, showNotice } from './toasts.ts';

/**
 * A call that changes something. What it changed comes back as a push event, so nothing is invalidated here.
 * `failure` is the title of the toast; null when the caller shows the error itself, next to its field.
 */
export function useAction<N extends CallName>(name: N, failure: string | null) {
  return useMutation<CallAnswer<N>, Error, CallArgument<N>>({
    mutationFn: (argument) => call(name, argument),
    onError: (error) => {
      if (failure !== null) showError(failure, error);
    },
  });
}

/** Copies through the main process and says so; `what` never contains a secret, only names one. */
export function useCopy() {
  return useMutation<null, Error, CallArgument<'clipboard.copy'>>({
    mutationFn: (argument) => call('clipboard.copy', argument),
    onSuccess: (_, argument) => showNotice(COPIED[argument.what]),
    onError: (error) => showError('Could not copy', error),
  });
}

const COPIED: Record<CallArgument<'clipboard.copy'>['what'], string> = {
  address: 'Address copied',
  'address-with-key': 'Address with key copied',
  'client-key': 'Key copied',
  'shell-export': 'Shell line copied',
  snippet: 'Set-up copied',
  command: 'Command copied',
};

/** Saves settings; the answer is taken over at once so that fields do not wait for the push. */
export function useSettingsPatch() {
  const client = useQueryClient();
  return useMutation<CallAnswer<'settings.patch'>, Error, CallArgument<'settings.patch'>>({
    mutationFn: (patch) => call('settings.patch', patch),
    onSuccess: (settings) => {
      client.setQueryData<AppState>(queryKeys.state, (state) => state && { ...state, settings });
    },
  });
}
