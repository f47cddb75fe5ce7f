import type { BindingRow } from '../store-ports.ts';

type Bound = Pick<BindingRow, 'accountId' | 'sessionId'>;

/** Distinct sessions per account, kept while bindings come and go: a session has one binding per model. */
export class BoundCounts {
  readonly #sessions = new Map<string, Map<string, number>>();

  add({ accountId, sessionId }: Bound): void {
    const sessions = this.#sessions.get(accountId) ?? new Map<string, number>();
    sessions.set(sessionId, (sessions.get(sessionId) ?? 0) + 1);
    this.#sessions.set(accountId, sessions);
  }

  remove({ accountId, sessionId }: Bound): void {
    const sessions = this.#sessions.get(accountId);
    if (sessions === undefined) return;
    const left = (sessions.get(sessionId) ?? 0) - 1;
    if (left > 0) sessions.set(sessionId, left);
    else sessions.delete(sessionId);
    if (sessions.size === 0) this.#sessions.delete(accountId);
  }

  of(accountId: string): number {
    return this.#sessions.get(accountId)?.size ?? 0;
  }
}
