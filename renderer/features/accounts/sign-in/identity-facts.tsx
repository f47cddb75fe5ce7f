import type { Identity } from '../../../../shared/sign-in.ts';

const UNSTATED = 'not stated';

/** Whose login it is, as the provider says; what it does not say is called so. */
export function IdentityFacts({ identity }: { identity: Identity | null }) {
  return (
    <dl className="identity">
      <dt>E-mail</dt>
      <dd className="truncate">{identity?.email ?? UNSTATED}</dd>
      <dt>Organisation</dt>
      <dd className="truncate">{identity?.organizationName ?? UNSTATED}</dd>
      <dt>Plan</dt>
      <dd className="truncate">{identity?.plan ?? UNSTATED}</dd>
    </dl>
  );
}
