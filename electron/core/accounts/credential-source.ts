import type { Clock } from '../clock.ts';
import type { AccountPool, Credential, CredentialResult } from '../ports.ts';
import { type MarkingDeps, markUnusable } from './credential-state.ts';
import { type Held, MANDATORY_MS } from './credentials.ts';
import type { TokenRefresh } from './token-refresh.ts';

/** A login that was renewed after a refusal and is refused again within this time is not worth a third try, ms. */
const SECOND_REFUSAL_MS = 3_600_000;

/** The part of the pool that hands out credentials. */
export type CredentialSource = Pick<
  AccountPool,
  'credentialNow' | 'credential' | 'credentialRefused' | 'problem'
> & { forget(id: string): void };

/** See {@link CredentialSource}. */
export function createCredentialSource(
  deps: MarkingDeps & { clock: Clock; refresh: TokenRefresh },
): CredentialSource {
  /** Version of the credential that a refusal led to, and when. */
  const renewed = new Map<string, { version: number; at: number }>();

  /** Allocates nothing: this is read for every request. */
  function credentialNow(id: string): Credential | null {
    const held = deps.credentials.held(id);
    if (held === undefined || held.problem !== null) return null;
    const now = deps.clock.now();
    if (now < held.renewAt) return held.credential;
    if (now < held.expiresAt - MANDATORY_MS) {
      deps.refresh.start(id);
      return held.credential;
    }
    return now < held.expiresAt && deps.refresh.resting(id) ? held.credential : null;
  }

  async function credential(id: string): Promise<CredentialResult> {
    const held = deps.credentials.held(id);
    if (held === undefined) return GONE;
    if (held.problem !== null) return { ok: false, problem: held.problem };
    const now = credentialNow(id);
    if (now !== null) return { ok: true, credential: now };
    const result = await deps.refresh.refresh(id);
    return result.ok || result.problem.definitive ? result : (stillValid(id) ?? result);
  }

  function stillValid(id: string): CredentialResult | null {
    const held = deps.credentials.held(id);
    if (held?.credential == null || held.problem !== null || deps.clock.now() >= held.expiresAt) return null;
    return { ok: true, credential: held.credential };
  }

  async function credentialRefused(id: string, used: Credential, words: string): Promise<CredentialResult> {
    const row = deps.book.row(id);
    const held = deps.credentials.held(id);
    if (row === undefined || held === undefined) return GONE;
    if (held.problem !== null) return { ok: false, problem: held.problem };
    if (isNewer(held, used)) return await credential(id);
    if (row.kind === 'api-key' || refusedAgain(id, used)) {
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

  return {
    credentialNow,
    credential,
    credentialRefused,
    problem: (id) => deps.credentials.held(id)?.problem ?? null,
    forget: (id) => void renewed.delete(id),
  };
}

function isNewer(held: Held, used: Credential): boolean {
  return held.credential !== null && held.credential.version !== used.version;
}

const GONE: CredentialResult = {
  ok: false,
  problem: { definitive: true, reason: 'The account was removed.' },
};
