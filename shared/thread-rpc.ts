import { z } from 'zod';
import { type ErrorView, errorViewSchema } from './errors.ts';

/** The part of a MessagePort, parentPort or Worker that the calls below need. */
export type PortLike = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
};

/** Calls a thread answers: name to argument and answer. */
export type CallMap = { [name: string]: { argument: unknown; answer: unknown } };

/** Events a thread sends without being asked: name to payload. */
export type EventMap = { [name: string]: unknown };

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), seq: z.number(), name: z.string(), argument: z.unknown() }),
  z.object({ type: z.literal('answer'), seq: z.number(), value: z.unknown() }),
  z.object({ type: z.literal('failure'), seq: z.number(), error: errorViewSchema }),
  z.object({ type: z.literal('event'), name: z.string(), payload: z.unknown() }),
]);

/** Handlers for every call of a map. */
export type CallHandlers<C extends CallMap> = {
  [N in keyof C]: (argument: C[N]['argument']) => C[N]['answer'] | Promise<C[N]['answer']>;
};

/** An error that came over a thread border, with its code. */
export class ThreadCallError extends Error {
  readonly view: ErrorView;
  constructor(view: ErrorView) {
    super(view.message);
    this.name = 'ThreadCallError';
    this.view = view;
  }
}

/** The calling side. */
export type ThreadClient<C extends CallMap, E extends EventMap> = {
  /** Rejects with {@link ThreadCallError}; also when the thread dies (`thread_down`). */
  call<N extends keyof C & string>(name: N, argument: C[N]['argument']): Promise<C[N]['answer']>;
  on<N extends keyof E & string>(name: N, listener: (payload: E[N]) => void): void;
  /** Fails every open call; to be used when the thread has died. */
  close(error: ErrorView): void;
};

/** Calls over a port. Both ends are our own code, so payload types are trusted; the framing is parsed. */
export function connectThread<C extends CallMap, E extends EventMap>(port: PortLike): ThreadClient<C, E> {
  const open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, ((payload: never) => void)[]>();
  let seq = 0;
  let closed: ErrorView | null = null;
  port.on('message', (raw) => {
    const parsed = messageSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'event') {
      for (const listener of listeners.get(message.name) ?? []) listener(message.payload as never);
    } else if (message.type !== 'call') {
      const pending = open.get(message.seq);
      open.delete(message.seq);
      if (message.type === 'answer') pending?.resolve(message.value as never);
      else pending?.reject(new ThreadCallError(message.error));
    }
  });
  return {
    call(name, argument) {
      if (closed) return Promise.reject(new ThreadCallError(closed));
      seq += 1;
      const id = seq;
      return new Promise((resolve, reject) => {
        open.set(id, { resolve, reject });
        port.postMessage({ type: 'call', seq: id, name, argument });
      });
    },
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
    },
    close(error) {
      closed = error;
      for (const pending of open.values()) pending.reject(new ThreadCallError(error));
      open.clear();
    },
  };
}

/**
 * The answering side. `toView` turns a thrown value into what may cross the border. Returns the function that
 * sends events.
 */
export function serveThread<C extends CallMap, E extends EventMap>(
  port: PortLike,
  handlers: CallHandlers<C>,
  toView: (error: unknown) => ErrorView,
): <N extends keyof E & string>(name: N, payload: E[N]) => void {
  port.on('message', (raw) => {
    const parsed = messageSchema.safeParse(raw);
    if (!parsed.success || parsed.data.type !== 'call') return;
    const { seq, name, argument } = parsed.data;
    void answer(handlers, name, argument).then(
      (value) => port.postMessage({ type: 'answer', seq, value }),
      (error: unknown) => port.postMessage({ type: 'failure', seq, error: toView(error) }),
    );
  });
  return (name, payload) => port.postMessage({ type: 'event', name, payload });
}

async function answer<C extends CallMap>(
  handlers: CallHandlers<C>,
  name: string,
  argument: unknown,
): Promise<unknown> {
  const handler = Object.hasOwn(handlers, name) ? handlers[name as keyof C] : undefined;
  if (!handler) {
    throw new ThreadCallError({ code: 'internal', message: 'This part of the app does not know that call.' });
  }
  return await handler(argument as never);
}
