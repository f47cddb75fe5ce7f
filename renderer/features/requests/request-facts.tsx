import type { ReactNode } from 'react';
import { formatBytes, formatDuration, formatMoney, formatTokens } from '../../../shared/format.ts';
import type { RequestRecord, Usage } from '../../../shared/request-record.ts';
import { requestsHref } from '../../app/routes.ts';
import { Time } from '../../components/time.tsx';

type Fact = readonly [label: string, value: ReactNode];

/** Tokens and what they cost, or were worth. */
export function UsageFacts({ record }: { record: RequestRecord }) {
  return (
    <section className="detail-section">
      <h3>Tokens and cost</h3>
      {record.usage ? (
        <Facts facts={[...usageFacts(record.usage), costFact(record)]} />
      ) : (
        <p className="secondary">The answer reported no token counts.</p>
      )}
    </section>
  );
}

function exactTokens(count: number | null): string | null {
  return count === null
    ? null
    : `${formatTokens(count)}${count >= 1000 ? ` (${count.toLocaleString('en')})` : ''}`;
}

function usageFacts(usage: Usage): Fact[] {
  const output = exactTokens(usage.outputTokens);
  return [
    ['Input', exactTokens(usage.inputTokens)],
    ['Output', usage.partial && output !== null ? `at least ${output}; the answer broke off` : output],
    ['Thinking', exactTokens(usage.thinkingTokens)],
    ['Cache read', exactTokens(usage.cacheReadTokens)],
    ['Cache write', cacheWriteWords(usage)],
    ['Web searches', usage.webSearches === null ? null : String(usage.webSearches)],
    ['Tier', usage.serviceTier],
    ['Speed', usage.speed],
    ['Region', usage.inferenceGeo],
  ];
}

function cacheWriteWords(usage: Usage): string | null {
  const all = exactTokens(usage.cacheWriteTokens);
  if (all === null || !usage.cacheWrite5mTokens || !usage.cacheWrite1hTokens) return all;
  return `${all}; ${formatTokens(usage.cacheWrite5mTokens)} for 5 min, ${formatTokens(usage.cacheWrite1hTokens)} for 1 h`;
}

function costFact(record: RequestRecord): Fact {
  const money = formatMoney(record.costNanoUsd);
  if (record.accountKind === 'oauth') {
    return ['Worth', record.costNanoUsd === null ? money : `${money}, API-equivalent; not money spent`];
  }
  return ['Spent', record.costNanoUsd === null ? 'unpriced; no price is known for this model' : money];
}

/** Where it came from, where it went, how long it took. */
export function MetadataFacts({ record }: { record: RequestRecord }) {
  const served = record.servedModel !== null && record.servedModel !== record.model;
  return (
    <section className="detail-section">
      <h3>Request</h3>
      <Facts
        facts={[
          ['Time', <Time key="time" at={record.startedAt} show="clock" />],
          ['Path', <code key="path">{`${record.method} ${record.path}`}</code>],
          ['Model', served ? `${record.model ?? 'none'}, served by ${record.servedModel}` : record.model],
          ['Account', record.accountName],
          ['Client', record.client],
          ['Client key', record.clientKeyName],
          ['Project', record.project ?? <ProjectHint key="project" />],
          ['Session', record.sessionId === null ? null : <Session key="session" id={record.sessionId} />],
          ['Agent', code(record.agentId)],
          ['First byte', record.firstByteMs === null ? null : formatDuration(record.firstByteMs)],
          ['Duration', formatDuration(record.durationMs)],
          ['Sent', formatBytes(record.requestBytes)],
          ['Received', `${formatBytes(record.responseBytes)}${record.streamed ? ', streamed' : ''}`],
          ['Stop reason', record.stopReason],
          ['Provider id', code(record.upstreamRequestId)],
          ['Request id', code(record.id)],
        ]}
      />
    </section>
  );
}

function ProjectHint() {
  return (
    <span className="secondary">
      not named; a client names it with the header <code>x-ccflare-project</code>
    </span>
  );
}

function Session({ id }: { id: string }) {
  return (
    <>
      <code>{id}</code>{' '}
      <a className="detail-link" href={requestsHref(id)}>
        Its requests
      </a>
    </>
  );
}

function code(text: string | null): ReactNode {
  return text === null ? null : <code>{text}</code>;
}

/** Leaves out what is not known. */
function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null)
        .map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
