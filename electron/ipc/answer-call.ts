import type { z } from 'zod';
import type { ErrorView } from '../../shared/errors.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import { type CallAnswer, type CallInput, calls } from '../../shared/ipc/contract.ts';
import { type Envelope, fail, ok } from '../../shared/ipc/envelope.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import type { Logger } from '../core/thread-contract.ts';

/** One handler per call; a missing one does not compile. */
export type Handlers = { [N in CallName]: (input: CallInput<N>) => CallAnswer<N> | Promise<CallAnswer<N>> };

/** Largest argument in characters of JSON. The longest honest one names 500 accounts of an old database. */
const MAX_ARGUMENT = 150_000;

/** Who sent a message, as far as it matters. */
export type Sender = { contentsId: number; mainFrame: boolean; url: string };

/** Whether a message may be answered: from our own window's main frame, showing our own page. */
export function isTrusted(
  sender: Sender,
  windowId: number | null,
  isOurs: (url: string) => boolean,
): boolean {
  return windowId !== null && sender.contentsId === windowId && sender.mainFrame && isOurs(sender.url);
}

/**
 * Parses the argument, calls the handler, parses its answer and wraps it. Never throws. Messages name fields, never
 * values: an argument can hold a key.
 */
export async function answerCall<N extends CallName>(
  name: N,
  argument: unknown,
  handlers: Handlers,
  log: Logger,
): Promise<Envelope<unknown>> {
  const parsed = parseArgument(name, argument);
  if (!parsed.ok) return parsed;
  try {
    const answer: unknown = await handlers[name](parsed.value as CallInput<N>);
    const checked = calls[name].answer.safeParse(answer);
    if (checked.success) return ok(checked.data);
    log.error('ipc_answer_invalid', { call: name, fields: fieldsOf(checked.error) });
    return fail({
      code: 'internal',
      message: 'The app gave itself an answer it does not understand. The log has more.',
    });
  } catch (error) {
    const view = viewOf(error);
    log.warn('ipc_call_failed', { call: name, code: view.code });
    return fail(view);
  }
}

function parseArgument(name: CallName, argument: unknown): Envelope<unknown> {
  if (sizeOf(argument) > MAX_ARGUMENT) return fail({ code: 'invalid_input', message: 'That is too long.' });
  const parsed = calls[name].argument.safeParse(argument);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  const words = issue?.code === 'custom' || issue?.code === 'too_small' || issue?.code === 'invalid_format';
  const hint = words ? (issue?.message ?? '') : 'This value does not fit.';
  return fail({ code: 'invalid_input', message: where === '' ? hint : `${where}: ${hint}` });
}

function sizeOf(argument: unknown): number {
  try {
    return JSON.stringify(argument)?.length ?? 0;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const fieldsOf = (error: z.ZodError): string =>
  error.issues
    .map((issue) => issue.path.join('.'))
    .join(' ')
    .slice(0, 300);

function viewOf(error: unknown): ErrorView {
  if (error instanceof ThreadCallError) return error.view;
  return { code: 'internal', message: 'Something went wrong inside the app. The log file has the detail.' };
}
