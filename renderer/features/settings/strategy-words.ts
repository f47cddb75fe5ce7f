import type { Settings } from '../../../shared/settings.ts';
import type { ChoiceOption } from '../../components/choice-list.tsx';

const SPREADS = 'spreads sessions, loses shared cache';

/** Each strategy in a sentence, and what it costs. */
export const STRATEGY_OPTIONS: readonly ChoiceOption<Settings['strategy']>[] = [
  {
    value: 'session',
    title: 'One account until its limit',
    badge: 'default',
    sentence:
      'New sessions all go to one account until that meets its limit, then to the one with the most left, so what they share in the prompt cache is written once. Cost: the others wait, and some of their week may expire.',
  },
  {
    value: 'drain-soonest',
    title: 'What expires first',
    sentence:
      'New sessions go to the account whose week ends first and use it up. Cost: a change of account with each end of a week, and the cache is written again then.',
  },
  {
    value: 'priority',
    title: 'Strictly by priority',
    sentence:
      'New sessions go to the first account in your order that can serve. Cost: whenever that one comes back, new sessions jump to it and write their cache again there.',
  },
  {
    value: 'least-used',
    title: 'The one with the most left',
    badge: SPREADS,
    sentence:
      'New sessions go to the account whose fullest window is the emptiest. Cost: what sessions share is written to the cache of every account.',
  },
  {
    value: 'round-robin',
    title: 'In turn',
    badge: SPREADS,
    sentence:
      'New sessions take the accounts of the best priority in turn. Cost: what sessions share is written to the cache of every account.',
  },
];

/** What a request gets when nobody can serve. */
export const EXHAUSTION_OPTIONS: readonly ChoiceOption<Settings['exhaustion']>[] = [
  {
    value: 'fail',
    title: 'An error at once',
    sentence: 'The client hears when the first account is back and decides itself.',
  },
  {
    value: 'hold',
    title: 'A wait in silence',
    sentence:
      'The request is held until an account is back, at most as long as set below. Cost: clients with short patience give up.',
  },
  {
    value: 'fallback',
    title: 'The fallback account',
    sentence: 'The request goes to the API key that is set aside for it. Cost: money, up to the cap below.',
  },
];
