import type { RequestRecord, Usage } from '../../../../shared/request-record.ts';

/** Usage with every field set. */
export const SAMPLE_USAGE: Usage = {
  inputTokens: 12,
  outputTokens: 340,
  cacheReadTokens: 5_600,
  cacheWriteTokens: 780,
  cacheWrite5mTokens: 700,
  cacheWrite1hTokens: 80,
  thinkingTokens: 90,
  webSearches: 1,
  serviceTier: 'standard',
  speed: null,
  inferenceGeo: null,
  partial: false,
};

/** A request that ended well, with whatever a test wants different. */
export function sampleRecord(change: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: '01936000-0000-7000-8000-000000000001',
    startedAt: Date.UTC(2026, 10, 24, 12, 0, 0),
    method: 'POST',
    path: '/v1/messages',
    status: 200,
    terminal: 'complete',
    errorCode: null,
    errorMessage: null,
    accountId: 'account-1',
    accountName: 'work',
    accountKind: 'api-key',
    clientKeyId: 'key-1',
    clientKeyName: 'laptop',
    client: 'claude-cli/2.0',
    sessionId: 'session-1',
    project: null,
    agentId: null,
    model: 'claude-sonnet-4-5',
    servedModel: 'claude-sonnet-4-5-20250929',
    streamed: true,
    attempts: 1,
    firstByteMs: 12.5,
    durationMs: 345.25,
    requestBytes: 1_000,
    responseBytes: 2_000,
    usage: SAMPLE_USAGE,
    costNanoUsd: 1_234_567,
    imported: false,
    upstreamRequestId: 'req_011',
    stopReason: 'end_turn',
    trace: {
      strategy: 'session',
      candidates: [
        {
          accountId: 'account-1',
          accountName: 'work',
          decision: 'chosen',
          reasonCode: 'first',
          reason: 'First in the order.',
          until: null,
        },
      ],
      attempts: [
        {
          accountId: 'account-1',
          accountName: 'work',
          startedMs: 1,
          headMs: 12,
          endedMs: 345,
          status: 200,
          verdict: 'ok',
          action: 'deliver',
          reason: 'The provider answered.',
        },
      ],
      conclusion: 'Delivered the answer of work.',
      move: null,
      heldMs: 0,
    },
    ...change,
  };
}
