import type { EngineEvents, KeychainReply, KeychainRequest } from '../core/thread-contract.ts';

/** A keychain request without its number. */
type Unnumbered<T> = T extends unknown ? Omit<T, 'seq'> : never;

/**
 * The engine's end of the few messages to the shell: the shell owns the OS keychain, so the engine asks and waits.
 * No time limit here: a keychain prompt may stay open as long as the user thinks.
 */
export function createKeychainClient(send: (request: EngineEvents['keychain']) => void) {
  const open = new Map<number, (reply: KeychainReply) => void>();
  let seq = 0;
  const ask = (request: Unnumbered<KeychainRequest>): Promise<KeychainReply> => {
    seq += 1;
    const numbered = { ...request, seq } as KeychainRequest;
    return new Promise((resolve) => {
      open.set(numbered.seq, resolve);
      send(numbered);
    });
  };
  return {
    /** Wraps a new data key (32 bytes). */
    wrap: (key: Uint8Array): Promise<KeychainReply> => ask({ type: 'wrap', key }),
    /** Unwraps a stored data key. */
    unwrap: (wrapped: Uint8Array, backend: string): Promise<KeychainReply> =>
      ask({ type: 'unwrap', wrapped, backend }),
    /** Takes the shell's answer. */
    reply(reply: KeychainReply): void {
      open.get(reply.seq)?.(reply);
      open.delete(reply.seq);
    },
  };
}
