import { z } from 'zod';
import type { ErrorCode, ErrorView } from '../../shared/errors.ts';
import type { CallName, PushName } from '../../shared/ipc/channels.ts';
import {
  type CallAnswer,
  type CallArgument,
  calls,
  type PushPayload,
  pushes,
} from '../../shared/ipc/contract.ts';
import { envelopeSchema } from '../../shared/ipc/envelope.ts';

type Parser<T> = {
  safeParse(raw: unknown): { success: true; data: T } | { success: false; error: unknown };
};

/** The contract once more, keyed so that the compiler can follow a call's name to the type of its answer. */
const callParsers: { [N in CallName]: { argument: Parser<unknown>; answer: Parser<CallAnswer<N>> } } = calls;
const pushParsers: { [N in PushName]: Parser<PushPayload<N>> } = pushes;
const rawEnvelope = envelopeSchema(z.unknown());

/** A call that did not work, with a stable code to choose words and the next step by. */
export class CallError extends Error {
  readonly code: ErrorCode;
  constructor(view: ErrorView) {
    super(view.message);
    this.name = 'CallError';
    this.code = view.code;
  }
}

/**
 * Asks the main process. The argument is parsed before it leaves and the answer before it is used, so a
 * page that is out of step with the main process fails here, with a code, and not somewhere in a component.
 *
 * @throws {CallError} always with a code; nothing else is thrown.
 */
export async function call<N extends CallName>(name: N, argument: CallArgument<N>): Promise<CallAnswer<N>> {
  const input = parse(callParsers[name].argument, argument, () => ({
    code: 'invalid_input',
    message: 'That input is not valid. Check the values and try again.',
  }));
  const envelope = parse(rawEnvelope, await ask(name, input), unexpectedAnswer);
  if (!envelope.ok) throw new CallError(envelope.error);
  return parse<CallAnswer<N>>(callParsers[name].answer, envelope.value, unexpectedAnswer);
}

async function ask(name: CallName, input: unknown): Promise<unknown> {
  try {
    return await window.ccflare.call(name, input);
  } catch {
    throw new CallError({ code: 'internal', message: 'The app did not answer. Restart it if this goes on.' });
  }
}

function unexpectedAnswer(): ErrorView {
  return { code: 'internal', message: 'The app gave an answer that this window does not understand.' };
}

function parse<T>(schema: Parser<T>, raw: unknown, toError: () => ErrorView): T {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new CallError(toError());
  return parsed.data;
}

/** Listens to a push event; a payload that does not fit is reported through `onUnreadable`, never thrown. */
export function subscribe<N extends PushName>(
  name: N,
  listener: (payload: PushPayload<N>) => void,
  onUnreadable: () => void,
): () => void {
  const schema: Parser<PushPayload<N>> = pushParsers[name];
  return window.ccflare.subscribe(name, (raw) => {
    const parsed = schema.safeParse(raw);
    if (parsed.success) listener(parsed.data);
    else onUnreadable();
  });
}
