import type { Identity } from '../../../../shared/sign-in.ts';

const UNSTATED = 'not stated';

/** Whose login it is, as the provider says; what it does not say is called so. */
export function IdentityFacts({ identity }: { identity: Identity | null }) {
  return (
    <dl className="identity">
      <dt>E-mail</dt>
      <dd>{identity?.email ?? UNSTATED}</dd>
      <dt>Organisation</dt>
      <dd>{identity?.organizationName ?? UNSTATED}</dd>
      <dt>Plan</dt>
      <dd>{identity?.plan ?? UNSTATED}</dd>
    </dl>
  );
}
