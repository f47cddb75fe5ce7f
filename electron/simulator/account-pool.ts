import { type SecretState, type SimulatedAccountSpec, SimulatedAccountState } from './account-state.ts';

/** Who a credential belongs to and what it is worth. */
export type Identity = { account: SimulatedAccountState | null; state: SecretState };

/** The accounts of one simulated provider, by name and by credential. */
export class AccountPool {
  readonly #accounts = new Map<string, SimulatedAccountState>();

  constructor(specs: readonly SimulatedAccountSpec[], now: number) {
    for (const spec of specs) this.add(spec, now);
  }

  /** @throws Error when the name is taken. */
  add(spec: SimulatedAccountSpec, now: number): SimulatedAccountState {
    if (this.#accounts.has(spec.name))
      throw new Error(`The simulator already has an account "${spec.name}".`);
    const account = new SimulatedAccountState(spec, now);
    this.#accounts.set(spec.name, account);
    return account;
  }

  /** @throws Error when there is no such account. */
  named(name: string): SimulatedAccountState {
    const account = this.#accounts.get(name);
    if (!account) throw new Error(`The simulator has no account "${name}".`);
    return account;
  }

  all(): SimulatedAccountState[] {
    return [...this.#accounts.values()];
  }

  identify(secret: string, now: number): Identity {
    for (const account of this.#accounts.values()) {
      const state = account.judge(secret, now);
      if (state !== 'unknown') return { account, state };
    }
    return { account: null, state: 'unknown' };
  }

  withRefreshToken(refreshToken: string): SimulatedAccountState | null {
    return this.all().find((account) => account.refreshToken === refreshToken) ?? null;
  }
}
