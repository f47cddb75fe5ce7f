import { createAccounts } from '../core/accounts/accounts.ts';
import { createTokenVerifier } from '../core/accounts/verify-token.ts';
import type { Clock } from '../core/clock.ts';
import { createAccountApi } from '../core/oauth/account-api.ts';
import { createProviderRequest } from '../core/oauth/provider-request.ts';
import { createSignIns } from '../core/oauth/sign-ins.ts';
import { createTokenClient } from '../core/oauth/token-client.ts';
import type { Logger } from '../core/ports.ts';
import { createAudit } from '../core/security/audit.ts';
import { createClientKeys } from '../core/security/client-keys.ts';
import { createEventLog } from '../core/security/event-log.ts';
import { createVault } from '../core/security/vault.ts';
import { createSettings } from '../core/settings/settings.ts';
import type { EngineStore } from '../core/store-ports.ts';
import type { EngineSlice } from './state-publisher.ts';

/** What the base rooms are made from. */
export type BaseDeps = {
  store: EngineStore;
  clock: Clock;
  log: Logger;
  env: Record<string, string | undefined>;
  /** A slice of the state may have changed. */
  mark: (...slices: EngineSlice[]) => void;
  /** Proxy of the system for an origin, or null. */
  systemProxy: (origin: string) => string | null;
  /** An account has another secret: what was known of its limits was about the old one. */
  onCredentialReplaced: (accountId: string) => void;
};

/** Settings, secrets and accounts: what the rooms of the request path rest on. */
export function createBaseRooms(deps: BaseDeps) {
  const { store, clock, log, mark } = deps;
  const events = createEventLog(clock, () => mark('events'));
  const audit = createAudit(store.audit, clock);
  const settings = createSettings({ store: store.settings, env: deps.env, log });
  const vault = createVault();
  const clientKeys = createClientKeys({
    store: store.clientKeys,
    vault,
    audit,
    clock,
    onChange: () => mark('clientKeys'),
  });
  const request = createProviderRequest({ systemProxy: deps.systemProxy });
  const tokens = createTokenClient({ clientId: () => settings.current().oauthClientId, request });
  const shared = { store, vault, clock, log, audit, settings, tokens, request };
  const accounts = createAccounts({
    ...shared,
    store: store.accounts,
    api: createAccountApi(request),
    transaction: store.transaction,
    events,
    onChange: () => mark('accounts', 'pool'),
    onCredentialReplaced: deps.onCredentialReplaced,
  });
  const signIns = createSignIns({
    ...shared,
    store: store.oauthSessions,
    accounts: accounts.signIn,
    onChange: () => mark('signIn'),
  });
  const verifyToken = createTokenVerifier({ request, apiUrl: () => settings.current().oauthApiUrl });
  return { events, audit, settings, vault, clientKeys, request, accounts, signIns, verifyToken };
}

/** See {@link createBaseRooms}. */
export type BaseRooms = ReturnType<typeof createBaseRooms>;
