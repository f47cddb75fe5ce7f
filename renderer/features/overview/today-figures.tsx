import type { ReactNode } from 'react';
import { formatMoney, formatTokens } from '../../../shared/format.ts';
import type { Totals } from '../../../shared/request-record.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useTotalsToday } from '../../components/use-totals-today.ts';

/** What today cost: money spent and API-equivalent worth stand apart, each under its own name. */
export function TodayFigures() {
  const today = useTotalsToday();
  const totals = today.data?.all;
  return (
    <section aria-label="Today">
      {today.isError && (
        <ErrorPanel
          title="Today's sums could not be read."
          error={today.error}
          onRetry={() => void today.refetch()}
        />
      )}
      <dl className="figures">
        <Figure label="Requests today" value={totals && formatTokens(totals.requests)}>
          {totals && problemWords(totals)}
        </Figure>
        <Figure label="Tokens today" value={totals && formatTokens(sumTokens(totals))}>
          {totals && tokenWords(totals)}
        </Figure>
        <Figure label="Spent through API keys" value={totals && formatMoney(totals.spentNanoUsd)}>
          {totals && totals.unpricedRequests > 0
            ? unpricedWords(totals.unpricedRequests)
            : 'list prices, today'}
        </Figure>
        <Figure label="Worth of subscription use" value={totals && formatMoney(totals.worthNanoUsd)}>
          API-equivalent, not spent
        </Figure>
      </dl>
    </section>
  );
}

function Figure({
  label,
  value,
  children,
}: {
  label: string;
  value: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <div className="figure-value">{value ?? <span className="faint">–</span>}</div>
        <div className="figure-note truncate">{children ?? '\u00a0'}</div>
      </dd>
    </div>
  );
}

function sumTokens(totals: Totals): number {
  return totals.inputTokens + totals.outputTokens + totals.cacheReadTokens + totals.cacheWriteTokens;
}

function problemWords({ problems }: Totals): string {
  if (problems === 0) return 'no problems';
  return problems === 1 ? '1 problem' : `${formatTokens(problems)} problems`;
}

function tokenWords(totals: Totals): string {
  const input = totals.inputTokens + totals.cacheReadTokens + totals.cacheWriteTokens;
  const cached = input === 0 ? 0 : Math.round((totals.cacheReadTokens / input) * 100);
  return `${formatTokens(totals.outputTokens)} out, ${cached} % cached`;
}

function unpricedWords(count: number): string {
  return count === 1 ? '1 request unpriced' : `${formatTokens(count)} requests unpriced`;
}
