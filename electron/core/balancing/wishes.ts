import type { Settings } from '../../../shared/settings.ts';
import type { Account, RoutingRequest } from '../ports.ts';
import { modelFits } from './model-pattern.ts';

/** An account that the user named for a request. */
export type Wish = {
  readonly accountId: string | null;
  readonly reasonCode: string;
  readonly reason: string;
  /** It goes there or nowhere; otherwise it goes there first. */
  readonly strict: boolean;
};

/** What the user wants for a request, the narrowest wish first: this request, this session, this model, everything. */
export function wishFor(
  request: RoutingRequest,
  settings: Pick<Settings, 'modelRoutes' | 'pinnedAccountId'>,
  pinnedTo: string | null,
  accounts: readonly Account[],
): Wish | null {
  const { pin, model } = request;
  if (pin !== undefined && pin !== null) {
    const reason = 'The request itself asks for this account.';
    return { accountId: named(accounts, pin), reasonCode: 'pinned_request', reason, strict: true };
  }
  if (pinnedTo !== null) {
    const reason = 'This session is pinned to it.';
    return { accountId: pinnedTo, reasonCode: 'pinned_session', reason, strict: true };
  }
  const route = model === null ? undefined : settings.modelRoutes.find((one) => modelFits(one.model, model));
  if (route !== undefined) {
    const reason = `Your route for ${route.model} goes there.`;
    return { accountId: route.accountId, reasonCode: 'route', reason, strict: false };
  }
  if (settings.pinnedAccountId === null) return null;
  const reason = 'You pinned everything to it.';
  return { accountId: settings.pinnedAccountId, reasonCode: 'pinned', reason, strict: false };
}

/** Whether a wish for some requests brought one to an account, which says nothing about where others go. */
export function sentTo(accountId: string, wish: Wish | null): boolean {
  return wish !== null && wish.accountId === accountId && wish.reasonCode !== 'pinned';
}

function named(accounts: readonly Account[], pin: string): string | null {
  const name = pin.trim().toLowerCase();
  return accounts.find((account) => account.id === pin || account.name.toLowerCase() === name)?.id ?? null;
}
