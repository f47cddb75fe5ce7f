import { useState } from 'react';
import type { HeaderStyle } from '../../../shared/account.ts';
import { calls } from '../../../shared/ipc/contract.ts';
import { type FieldErrors, fieldErrors, useForm } from '../../components/use-form.ts';
import { BASE_URL_WORDS } from './endpoint-words.ts';
import { PRIORITY_WORDS } from './priority-words.ts';
import { useModelRows } from './use-model-rows.ts';

/** What is typed on the way by API key. */
export type ApiKeyFields = { name: string; apiKey: string; priority: string };

/** What is typed on the way by gateway. */
export type GatewayFields = ApiKeyFields & { baseUrl: string };

type TokenFields = { name: string; token: string };

/** Everything typed in the dialog so far, whichever way; it lives as long as the dialog, so that going back loses nothing. */
export function useAddDrafts() {
  const apiKey = useForm<keyof ApiKeyFields>({ name: '', apiKey: '', priority: '' }, validateApiKey);
  const token = useForm<keyof TokenFields>({ name: '', token: '' }, validateToken);
  const gateway = useForm<keyof GatewayFields>(
    { name: '', baseUrl: '', apiKey: '', priority: '' },
    validateGateway,
  );
  const [headerStyle, setHeaderStyle] = useState<HeaderStyle>('x-api-key');
  const models = useModelRows({});
  const [agreed, setAgreed] = useState(false);
  return { apiKey, token, gateway, headerStyle, setHeaderStyle, models, agreed, setAgreed };
}

/** See {@link useAddDrafts}. */
export type AddDrafts = ReturnType<typeof useAddDrafts>;

/** What the contract expects; a priority left empty takes the engine's default. */
export function toAddArgument({ name, apiKey, priority }: ApiKeyFields) {
  return { name, apiKey, ...(priority.trim() !== '' && { priority: Number(priority) }) };
}

function validateApiKey(values: ApiKeyFields): FieldErrors<keyof ApiKeyFields> {
  const parsed = calls['accounts.add'].argument.safeParse(toAddArgument(values));
  const errors = fieldErrors(['name', 'apiKey', 'priority'], parsed);
  return errors.priority === undefined ? errors : { ...errors, priority: PRIORITY_WORDS };
}

function validateGateway(values: GatewayFields): FieldErrors<keyof GatewayFields> {
  const argument = { ...toAddArgument(values), baseUrl: values.baseUrl.trim() };
  const errors = fieldErrors(
    ['name', 'apiKey', 'priority', 'baseUrl'],
    calls['accounts.add'].argument.safeParse(argument),
  );
  if (errors.priority !== undefined) errors.priority = PRIORITY_WORDS;
  if (errors.baseUrl !== undefined) errors.baseUrl = BASE_URL_WORDS;
  return errors;
}

function validateToken(values: TokenFields): FieldErrors<keyof TokenFields> {
  const parsed = calls['accounts.addSetupToken'].argument.safeParse({ ...values, consent: true });
  return fieldErrors(['name', 'token'], parsed);
}
