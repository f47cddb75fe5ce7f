import type { ChoiceOption } from '../../components/choice-list.tsx';

/** Ways to add an account, the plainest first. */
export type AddWay = 'api-key' | 'subscription' | 'console' | 'setup-token' | 'gateway' | 'import';

/** The ways as they are offered. */
export const ADD_WAYS: readonly ChoiceOption<AddWay>[] = [
  {
    value: 'api-key',
    title: 'API key',
    badge: 'recommended',
    sentence: 'A key from the provider’s console, paid by use. The supported way.',
  },
  {
    value: 'subscription',
    title: 'Subscription login',
    sentence: 'Sign in with a plan such as Pro or Max. A notice about the terms comes first.',
  },
  {
    value: 'console',
    title: 'Console login',
    sentence: 'Sign in to the console once; an API key is created there and only the key is kept.',
  },
  {
    value: 'setup-token',
    title: 'Setup token',
    sentence: 'Paste a long-lived subscription token made with claude setup-token.',
  },
  {
    value: 'gateway',
    title: 'Gateway or compatible provider',
    sentence: 'A key for another address that speaks the same API.',
  },
  {
    value: 'import',
    title: 'Import from ccflare',
    sentence: 'Take over the accounts of a ccflare or better-ccflare database.',
  },
];
