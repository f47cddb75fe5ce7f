import type { SettingKey } from '../../../shared/settings.ts';

/** A heading and its settings; a group without settings has content of its own. */
export type SettingGroup = {
  id: string;
  title: string;
  keys: readonly SettingKey[];
  /** Settings that hardly anybody needs, folded away below the others. */
  advanced?: readonly SettingKey[];
};

/** All groups in the order of the page. The ids are part of addresses, such as the one to change the port. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    id: 'listening',
    title: 'Listening',
    keys: ['proxyEnabled', 'port', 'requireClientKey', 'drainDeadlineMs'],
  },
  { id: 'client-keys', title: 'Client keys', keys: [] },
  { id: 'claude-code', title: 'Claude Code', keys: ['restoreClientsOnQuit'] },
  {
    id: 'sign-in',
    title: 'Sign-in',
    keys: ['refreshLeadMs', 'signInTimeoutMs'],
    advanced: [
      'oauthClientId',
      'oauthAuthorizeUrl',
      'oauthConsoleAuthorizeUrl',
      'oauthTokenUrl',
      'oauthRedirectUrl',
      'oauthApiUrl',
      'oauthScopes',
      'oauthConsoleScopes',
    ],
  },
  {
    id: 'choosing',
    title: 'Choosing accounts',
    keys: [
      'strategy',
      'pinnedAccountId',
      'leaveAtUtilisation',
      'drainExpiring',
      'modelRoutes',
      'accountBoundModels',
      'sessionDurationMs',
      'retryAttempts',
      'retryDelayMs',
      'retryBackoff',
      'overloadHop',
    ],
  },
  {
    id: 'exhausted',
    title: 'When nobody can serve',
    keys: [
      'exhaustion',
      'holdSeconds',
      'fallbackAccountId',
      'fallbackConsent',
      'fallbackCapUsd',
      'allowOverage',
      'overageCapUsd',
      'forwardClientCredentials',
    ],
  },
  {
    id: 'time',
    title: 'Time limits',
    keys: [
      'connectTimeoutMs',
      'responseHeadTimeoutMs',
      'responseIdleTimeoutMs',
      'clientHeadTimeoutMs',
      'clientBodyIdleTimeoutMs',
    ],
  },
  {
    id: 'size',
    title: 'Size limits',
    keys: [
      'maxMessageBodyBytes',
      'maxUploadBodyBytes',
      'replayBufferBytes',
      'replayTotalBytes',
      'maxHeaderBytes',
      'maxConnections',
      'clientRequestsPerMinute',
      'failedAuthPerMinute',
    ],
  },
  {
    id: 'storage',
    title: 'Storage',
    keys: ['requestRetentionDays', 'maxArchiveBytes', 'auditRetentionDays'],
  },
  { id: 'secrets', title: 'Account keys', keys: [] },
  { id: 'app', title: 'App', keys: ['theme', 'startAtLogin', 'openWindowAtStart', 'logLevel'] },
  { id: 'about', title: 'About', keys: [] },
];
