import type { TextKey, Words } from './setting-keys.ts';

const URL_RULE =
  'Use an https address (http only for this computer) without user name, question mark or fragment.';
const SCOPES_RULE = 'Use scope names with single spaces between them, such as user:profile user:inference.';

/** Free text; `rule` is what is said when it does not fit. */
export const TEXTS: Record<TextKey, Words & { rule: string }> = {
  oauthClientId: {
    label: 'Client id',
    description: 'Public id under which logins are issued. Tokens can be renewed only with the same one.',
    rule: 'Enter an id of at most 200 characters.',
  },
  oauthAuthorizeUrl: {
    label: 'Sign-in page, subscriptions',
    description: 'Where a person with a plan such as Pro or Max signs in.',
    rule: URL_RULE,
  },
  oauthConsoleAuthorizeUrl: {
    label: 'Sign-in page, console',
    description: 'Where a member of an API organisation signs in.',
    rule: URL_RULE,
  },
  oauthTokenUrl: {
    label: 'Token address',
    description: 'Where codes become tokens and tokens are renewed.',
    rule: URL_RULE,
  },
  oauthRedirectUrl: {
    label: 'Redirect page',
    description: 'Where the provider sends the browser afterwards; the sign-in window stops there.',
    rule: URL_RULE,
  },
  oauthApiUrl: {
    label: 'Profile and usage address',
    description: 'Where the profile and the usage are read, and keys are made.',
    rule: URL_RULE,
  },
  oauthScopes: {
    label: 'Scopes, subscriptions',
    description: 'What a subscription login is asked for.',
    rule: SCOPES_RULE,
  },
  oauthConsoleScopes: {
    label: 'Scopes, console',
    description: 'What a console login is asked for.',
    rule: SCOPES_RULE,
  },
};
