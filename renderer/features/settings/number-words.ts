import type { NumberKey, Words } from './setting-keys.ts';
import { UNITS, type Unit } from './units.ts';

/** Numbers with the unit they are typed in; `zero` says what 0 means where it is special. */
export const NUMBERS: Record<NumberKey, Words & { unit: Unit; zero?: string }> = {
  port: {
    label: 'Port',
    description: 'Clients are set up with this port. 0 takes any free one at each start.',
    unit: UNITS.none,
    zero: 'any free port',
  },
  drainDeadlineMs: {
    label: 'Time to finish',
    description: 'Running answers get this long when the proxy is switched off or the app quits.',
    unit: UNITS.seconds,
  },
  sessionDurationMs: {
    label: 'Session length',
    description: 'A session stays on its account for this long after its last request.',
    unit: UNITS.hours,
  },
  signInTimeoutMs: {
    label: 'Give up a sign-in after',
    description: 'The code in its page is good for no longer; a new sign-in can begin at once.',
    unit: UNITS.minutes,
  },
  refreshLeadMs: {
    label: 'Renew logins early',
    description: 'A login’s token is renewed this long before it ends.',
    unit: UNITS.minutes,
  },
  retryAttempts: {
    label: 'Retries on the same account',
    description: 'After a server error or a lost connection, before the next account is tried.',
    unit: UNITS.tries,
    zero: 'never',
  },
  retryDelayMs: {
    label: 'Wait before a retry',
    description: 'The first one; the real wait is drawn between half of it and all of it.',
    unit: UNITS.seconds,
  },
  retryBackoff: {
    label: 'Growth of the wait',
    description: 'Each further wait is this many times longer, up to ten seconds.',
    unit: UNITS.times,
  },
  leaveAtUtilisation: {
    label: 'Leave an account at',
    description:
      'New sessions go elsewhere from this share of a window on; sessions that are there stay until it refuses.',
    unit: UNITS.percent,
  },
  overageCapUsd: {
    label: 'Cap for paid overage',
    description: 'Money per account and calendar month.',
    unit: UNITS.dollars,
  },
  holdSeconds: {
    label: 'Longest wait',
    description: 'How long a held request waits in silence before it gets the error after all.',
    unit: UNITS.wholeSeconds,
  },
  fallbackCapUsd: {
    label: 'Cap for the fallback',
    description:
      'When the account has cost this much in a calendar month, it is not fallen back to any more.',
    unit: UNITS.dollars,
  },
  connectTimeoutMs: {
    label: 'Connect to the provider',
    description: 'Time to open a connection.',
    unit: UNITS.seconds,
  },
  responseHeadTimeoutMs: {
    label: 'Wait for an answer to begin',
    description: 'Long answers legitimately take minutes to start.',
    unit: UNITS.minutes,
  },
  responseIdleTimeoutMs: {
    label: 'Silence inside an answer',
    description: 'Streams carry signs of life, so a longer silence means a dead line.',
    unit: UNITS.minutes,
  },
  clientHeadTimeoutMs: {
    label: 'Client sends its headers',
    description: 'A client that is slower is cut off.',
    unit: UNITS.seconds,
  },
  clientBodyIdleTimeoutMs: {
    label: 'Client pauses in its body',
    description: 'Longest pause while a client is sending.',
    unit: UNITS.seconds,
  },
  maxMessageBodyBytes: {
    label: 'Message size',
    description: 'Largest message request. The provider’s own limit is 32 MB.',
    unit: UNITS.megabytes,
  },
  maxUploadBodyBytes: {
    label: 'Upload size',
    description: 'Largest batch or file upload. The provider’s own limits are 256 MB and 500 MB.',
    unit: UNITS.megabytes,
  },
  replayBufferBytes: {
    label: 'Kept for fail-over, per request',
    description: 'Larger requests are passed straight through and cannot be moved to another account.',
    unit: UNITS.megabytes,
    zero: 'no fail-over',
  },
  replayTotalBytes: {
    label: 'Kept for fail-over, all together',
    description: 'Memory for all running requests. Above it new ones go without fail-over.',
    unit: UNITS.megabytes,
  },
  maxHeaderBytes: {
    label: 'Header size',
    description: 'Request line and headers of a client.',
    unit: UNITS.kilobytes,
  },
  maxConnections: {
    label: 'Connections',
    description: 'Client connections that may be open.',
    unit: UNITS.connections,
  },
  clientRequestsPerMinute: {
    label: 'Requests per key',
    description: 'More from one client key are answered 429. 0 switches the limit off.',
    unit: UNITS.perMinute,
    zero: 'no limit',
  },
  failedAuthPerMinute: {
    label: 'Wrong keys',
    description: 'After this many wrong keys further tries are answered 429.',
    unit: UNITS.perMinute,
  },
  requestRetentionDays: {
    label: 'Keep requests',
    description: 'Older rows are removed from the log.',
    unit: UNITS.days,
  },
  maxArchiveBytes: {
    label: 'Largest request log',
    description: 'Above it the oldest rows are removed before their time.',
    unit: UNITS.megabytes,
  },
  auditRetentionDays: {
    label: 'Keep audit entries',
    description: 'Who changed what in this app.',
    unit: UNITS.days,
  },
};
