import type { HeaderStyle } from '../../../shared/account.ts';
import type { ChoiceOption } from '../../components/choice-list.tsx';

/** What is wrong with an address, whichever way it is wrong. */
export const BASE_URL_WORDS =
  'Use an https address (http only for 127.0.0.1 or localhost), without user, query or fragment.';

/** Where an endpoint's key goes. */
export const HEADER_CHOICES: readonly ChoiceOption<HeaderStyle>[] = [
  { value: 'x-api-key', title: 'x-api-key', sentence: 'As the provider’s own API takes it.' },
  { value: 'bearer', title: 'Authorization: Bearer', sentence: 'As many gateways take it.' },
];
