import type { AccountPool } from '../ports.ts';
import type { AccountBook } from './account-book.ts';
import type { CredentialSource } from './credential-source.ts';
import type { LimitGroups } from './limit-groups.ts';
import type { UseNotes } from './use-notes.ts';

/** The accounts as proxy and balancing see them, put together from book, credentials and notes. */
export function createAccountPool(deps: {
  book: AccountBook;
  source: CredentialSource;
  notes: UseNotes;
  groups: LimitGroups;
  onChange(): void;
}): AccountPool {
  const { book, source, notes } = deps;
  const running = new Map<string, number>();

  return {
    all: () => book.all(),
    get: (id) => book.account(id),
    credentialNow: source.credentialNow,
    credential: source.credential,
    credentialRefused: source.credentialRefused,
    problem: source.problem,
    started(id) {
      running.set(id, (running.get(id) ?? 0) + 1);
    },
    finished(id) {
      const left = (running.get(id) ?? 0) - 1;
      if (left > 0) running.set(id, left);
      else running.delete(id);
    },
    sharing: deps.groups.sharing,
    inFlight: (id) => running.get(id) ?? 0,
    sawOrganization(id, organizationId) {
      if (notes.sawOrganization(id, organizationId)) deps.onChange();
    },
    touched(id, at) {
      notes.touched(id, at);
      source.served(id);
    },
  };
}
