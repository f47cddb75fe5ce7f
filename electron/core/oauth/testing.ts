import { randomBytes } from 'node:crypto';
import { settingsSchema } from '../../../shared/settings.ts';
import type { Identity, SignInView } from '../../../shared/sign-in.ts';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { AppError } from '../errors.ts';
import type { Audit, Logger, SignInAccounts } from '../ports.ts';
import { createVault, DATA_KEY_BYTES, type OpenableVault } from '../security/vault.ts';
import type { OauthSessionStore } from '../store-ports.ts';
import { createProviderRequest } from './provider-request.ts';
import { createSignIns } from './sign-ins.ts';
import { createTokenClient } from './token-client.ts';

/** An account that the neighbour in the accounts' place was given, secrets included. */
export type SavedAccount = {
  id: string;
  name: string;
  kind: 'oauth' | 'api-key';
  identity: Identity;
  secret: unknown;
  baseUrl: string;
};

/** Signing in against a simulated provider, with everything it says and saves kept for looking at. */
export async function createSignInBench(
  store: OauthSessionStore,
  options: { timeoutMs?: number; settings?: Record<string, unknown> } = {},
) {
  const clock = createFakeClock();
  const simulator = await startSimulator({
    clock,
    accounts: ['me', 'you'].map((name) => ({ name, kind: 'oauth', secret: `sk-ant-oat01-old-${name}` })),
  });
  const settings = settingsSchema.parse({ ...addressesOf(simulator), ...options.settings });
  const request = createProviderRequest({ timeoutMs: options.timeoutMs ?? 10_000 });
  const clientId = (): string => settings.oauthClientId;
  const { log, audit, audits, said } = keepers();
  const { accounts, saved } = memoryAccounts();
  const views: (SignInView | null)[] = [];
  const watchers = new Set<() => void>();
  const deps = {
    ...{ store, clock, log, audit, accounts, request, vault: openedVault() },
    settings: { current: () => settings, onChange: () => () => undefined },
    tokens: createTokenClient({ clientId, request }),
    onChange(): void {
      views.push(structuredClone(signIns.view()));
      for (const watcher of [...watchers]) watcher();
    },
  };
  const signIns = createSignIns(deps);
  /** Resolves with the view once it is in this phase. */
  const until = (phase: SignInView['phase']): Promise<SignInView> =>
    new Promise((resolve) => {
      const look = (): void => {
        const view = signIns.view();
        if (view?.phase !== phase) return;
        watchers.delete(look);
        resolve(view);
      };
      watchers.add(look);
      look();
    });
  /** All that left the room, to look for secrets in. */
  const words = (): string => JSON.stringify([said, audits, views]);
  return { signIns, deps, simulator, clock, settings, saved, audits, views, until, words };
}

/** See {@link createSignInBench}. */
export type SignInBench = Awaited<ReturnType<typeof createSignInBench>>;

function addressesOf({ url }: Simulator) {
  return {
    oauthAuthorizeUrl: `${url}/cai/oauth/authorize`,
    oauthConsoleAuthorizeUrl: `${url}/oauth/authorize`,
    oauthTokenUrl: `${url}/v1/oauth/token`,
    oauthRedirectUrl: `${url}/oauth/code/callback`,
    oauthApiUrl: url,
  };
}

function openedVault(): OpenableVault {
  const vault = createVault();
  vault.load({ currentId: 'k', byId: new Map([['k', randomBytes(DATA_KEY_BYTES)]]) });
  return vault;
}

function keepers() {
  const said: string[] = [];
  const audits: Parameters<Audit['write']>[0][] = [];
  const keep: Logger['info'] = (event, fields) => void said.push(JSON.stringify([event, fields]));
  const log: Logger = { debug: keep, info: keep, warn: keep, error: keep };
  return { said, audits, log, audit: { write: (entry: (typeof audits)[number]) => void audits.push(entry) } };
}

/** What the accounts promise, over a list. */
function memoryAccounts(): { accounts: SignInAccounts; saved: SavedAccount[] } {
  const saved: SavedAccount[] = [];
  const named = (name: string) => saved.find((account) => account.name === name);
  const existing = (id: string): SavedAccount => {
    const account = saved.find((one) => one.id === id);
    if (account === undefined) throw new AppError('not_found', 'There is no such account.');
    return account;
  };
  const add = (account: Omit<SavedAccount, 'id'>): { id: string } => {
    if (named(account.name)) throw new AppError('name_taken', 'The name is taken.');
    const id = `account-${saved.length + 1}`;
    saved.push({ ...account, id });
    return { id };
  };
  const accounts: SignInAccounts = {
    withIdentity: (kind, { accountId, organizationId }) =>
      saved.find(
        ({ identity, ...one }) =>
          one.kind === kind &&
          accountId !== null &&
          identity.accountId === accountId &&
          identity.organizationId === organizationId,
      ) ?? null,
    freeName: (wanted) => (named(wanted) ? `${wanted} 2` : wanted),
    existing,
    addLogin: ({ name, baseUrl, identity, tokens }) =>
      add({ name, baseUrl, identity, kind: 'oauth', secret: tokens }),
    addCreatedKey: ({ name, baseUrl, identity, apiKey }) =>
      add({ name, baseUrl, identity, kind: 'api-key', secret: apiKey }),
    replaceLogin: (id, { tokens, identity }) =>
      void Object.assign(existing(id), { secret: tokens, identity }),
    replaceCreatedKey: (id, { apiKey, identity }) =>
      void Object.assign(existing(id), { secret: apiKey, identity }),
  };
  return { accounts, saved };
}
