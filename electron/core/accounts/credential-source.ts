import type { Clock } from '../clock.ts';
import type { AccountPool, Credential, CredentialProblem, CredentialResult, Logger } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import { type MarkingDeps, markUnusable, markUsable } from './credential-state.ts';
import { type Held, MANDATORY_MS } from './credentials.ts';
import { ONCE, RefusalTrials, STUBBORN } from './refusal-trials.ts';
import type { TokenRefresh } from './token-refresh.ts';

/** A login that was renewed after a refusal and is refused again within this time is not worth a third try, ms. */
const SECOND_REFUSAL_MS = 3_600_000;

/** The part of the pool that hands out credentials. */
export type CredentialSource = Pick<
  AccountPool,
  'credentialNow' | 'credential' | 'credentialRefused' | 'problem'
> & {
  /** The problem as people should see it: also while a request may try the credential all the same. */
  shownProblem(id: string): CredentialProblem | null;
  /** The provider has answered a request with the account's credential. */
  served(id: string): void;
  /** After a start: refused credentials rest once more before they are tried again. */
  resume(): void;
  forget(id: string): void;
};

/** What handing out credentials needs. */
type SourceDeps = MarkingDeps & { clock: Clock; log: Logger; refresh: TokenRefresh };

/** See {@link CredentialSource}. */
export function createCredentialSource(deps: SourceDeps): CredentialSource {
  const trials = new RefusalTrials(deps.clock);
  const out = handingOut(deps, trials);
  const { credential, renewed, mayTry } = out;

  async function credentialRefused(id: string, used: Credential, words: string): Promise<CredentialResult> {
    const row = deps.book.row(id);
    const held = deps.credentials.held(id);
    if (row === undefined || held === undefined) return GONE;
    if (held.problem !== null) {
      if (trials.running(id) && !isNewer(held, used)) trials.refused(id, patienceOf(row));
      return { ok: false, problem: held.problem };
    }
    if (isNewer(held, used)) return await credential(id);
    if (row.refreshToken === null || refusedAgain(id, used)) {
      trials.refused(id, patienceOf(row));
      return { ok: false, problem: markUnusable(deps, row, words) };
    }
    deps.credentials.distrust(id);
    const result = await deps.refresh.refresh(id);
    if (result.ok) renewed.set(id, { version: result.credential.version, at: deps.clock.monotonic() });
    return result;
  }

  function refusedAgain(id: string, used: Credential): boolean {
    const last = renewed.get(id);
    return last?.version === used.version && deps.clock.monotonic() - last.at < SECOND_REFUSAL_MS;
  }

  const shownProblem = (id: string): CredentialProblem | null => deps.credentials.held(id)?.problem ?? null;

  return {
    credentialNow: out.credentialNow,
    credential,
    credentialRefused,
    shownProblem,
    problem(id) {
      const held = deps.credentials.held(id);
      if (held === undefined || held.problem === null || mayTry(id, held)) return null;
      return held.problem;
    },
    served(id) {
      if (trials.running(id)) accept(deps, trials, id);
    },
    resume() {
      for (const row of deps.book.rows()) {
        const stubborn = row.credentialState !== 'ok' && row.refreshToken === null;
        if (stubborn && !trials.known(row.id)) trials.refused(row.id, STUBBORN);
      }
    },
    forget(id) {
      renewed.delete(id);
      trials.forget(id);
    },
  };
}

/** The way from an account to the credential that a request may carry. */
function handingOut(deps: SourceDeps, trials: RefusalTrials) {
  /** Version of the credential that a refusal led to, and when. */
  const renewed = new Map<string, { version: number; at: number }>();

  const mayTry = (id: string, held: Held): boolean =>
    held.credential !== null && (held.renewable || deps.clock.now() < held.expiresAt) && trials.due(id);

  /** Allocates nothing: this is read for every request. */
  function credentialNow(id: string): Credential | null {
    const held = deps.credentials.held(id);
    if (held === undefined || (held.problem !== null && !mayTry(id, held))) return null;
    const found = inTime(id, held);
    if (found !== null && held.problem !== null) trials.begin(id);
    return found;
  }

  function inTime(id: string, held: Held): Credential | null {
    const now = deps.clock.now();
    if (now < held.renewAt) return held.credential;
    if (!held.renewable) return null;
    if (now < held.expiresAt - MANDATORY_MS) {
      deps.refresh.start(id);
      return held.credential;
    }
    return now < held.expiresAt && deps.refresh.resting(id) ? held.credential : null;
  }

  async function credential(id: string): Promise<CredentialResult> {
    const now = credentialNow(id);
    if (now !== null) return { ok: true, credential: now };
    const held = deps.credentials.held(id);
    if (held === undefined) return GONE;
    if (held.problem !== null) return await renewedForTrial(id, held, held.problem);
    const result = await deps.refresh.refresh(id);
    return result.ok || result.problem.definitive ? result : (stillValid(id) ?? result);
  }

  /** A refused login whose token has ended since: its trial begins with a renewal. */
  async function renewedForTrial(
    id: string,
    held: Held,
    problem: CredentialProblem,
  ): Promise<CredentialResult> {
    if (!mayTry(id, held)) return { ok: false, problem };
    trials.begin(id);
    const result = await deps.refresh.refresh(id);
    if (result.ok) renewed.set(id, { version: result.credential.version, at: deps.clock.monotonic() });
    else if (result.problem.definitive) trials.refused(id, ONCE);
    return result;
  }

  function stillValid(id: string): CredentialResult | null {
    const held = deps.credentials.held(id);
    if (held?.credential == null || held.problem !== null || deps.clock.now() >= held.expiresAt) return null;
    return { ok: true, credential: held.credential };
  }

  return { credentialNow, credential, renewed, mayTry };
}

/** A request is served whether or not its good news can be written down. */
function accept(deps: SourceDeps, trials: RefusalTrials, id: string): void {
  trials.forget(id);
  const row = deps.book.row(id);
  if (row === undefined) return;
  try {
    markUsable(deps, row);
  } catch {
    deps.log.error('account_mark_not_removed', { account: row.name });
  }
}

function patienceOf(row: AccountRow): typeof STUBBORN {
  return row.refreshToken === null ? STUBBORN : ONCE;
}

function isNewer(held: Held, used: Credential): boolean {
  return held.credential !== null && held.credential.version !== used.version;
}

const GONE: CredentialResult = {
  ok: false,
  problem: { definitive: true, reason: 'The account was removed.' },
};
