import type { SignInView } from '../../shared/sign-in.ts';
import { BridgeFailure, type Handlers, type World } from './fake-world.ts';
import { makeAccount, makeIdentity, makeSignIn, NOW } from './fixtures.ts';

/**
 * Sign-ins as the main process runs them, without a provider. `window` and `browser` stay at `waiting` until a
 * test moves them on with `bridge.change({ signIn: makeSignIn({ phase: 'confirm', ... }) })`; a pasted code is
 * exchanged at once.
 */
export function signInHandlers({ state, change }: World) {
  const running = (id: string): SignInView => {
    const view = state().signIn;
    if (view?.id !== id) throw new BridgeFailure('sign_in_expired', 'That sign-in is over. Start it again.');
    return view;
  };
  return {
    'signIn.start': ({ mode, way, accountId, consent }) => {
      if (mode === 'subscription' && !consent) {
        throw new BridgeFailure('consent_needed', 'Read the notice and agree to it first.');
      }
      const id = `sign-in-${mode}-${way}`;
      change({
        signIn: makeSignIn({ id, mode, way, accountId: accountId ?? null, startedAt: NOW }),
      });
      return { id };
    },
    'signIn.paste': ({ id, text }) => {
      const view = running(id);
      if (!text.includes('#') && !text.includes('code=')) {
        throw new BridgeFailure('invalid_input', 'That is not the code the page showed. Copy all of it.');
      }
      change({ signIn: { ...view, phase: 'exchanging' } });
      change({ signIn: { ...view, phase: 'confirm', identity: makeIdentity(), suggestedName: 'sam' } });
      return null;
    },
    'signIn.confirm': ({ id, name }) => {
      const view = running(id);
      if (view.duplicateOf !== null) {
        throw new BridgeFailure('duplicate_account', `${view.duplicateOf.name} is this login already.`);
      }
      const taken = state().accounts.some(
        (account) => account.name === name && account.id !== view.accountId,
      );
      if (taken) throw new BridgeFailure('name_taken', 'An account has that name already. Choose another.');
      const accountId = view.accountId ?? 'acc-new';
      const others = state().accounts.filter((account) => account.id !== accountId);
      change({
        accounts: [...others, makeAccount({ id: accountId, name, state: 'ready', readings: [] })],
        signIn: { ...view, phase: 'done', accountId },
      });
      return { id: accountId };
    },
    'signIn.cancel': ({ id }) => {
      if (state().signIn?.id === id) change({ signIn: null });
      return null;
    },
  } satisfies Partial<Handlers>;
}
