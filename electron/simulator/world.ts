import type { AccountPool } from './account-pool.ts';
import type { PendingCodes } from './authorization-codes.ts';
import type { StoredBatch } from './batches.ts';
import type { StoredFile } from './files.ts';
import type { SignInControl } from './sign-in-control.ts';

/** Pauses of the usual answers, ms; each varies by a quarter, decided by the seed. */
export type Latency = { headMs?: number; eventIntervalMs?: number };

/** Everything that outlives one request. */
export type World = {
  readonly seed: number;
  readonly clock: { now(): number };
  readonly latency: Latency;
  readonly accounts: AccountPool;
  readonly newId: (prefix: string) => string;
  readonly codes: PendingCodes;
  readonly signIn: SignInControl;
  readonly files: Map<string, StoredFile>;
  readonly batches: Map<string, StoredBatch>;
  /** Prompt prefixes that are warm, by account, model and conversation. */
  readonly promptCache: Map<string, { tokens: number; endsAt: number }>;
};
