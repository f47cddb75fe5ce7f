import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import type { LimitHistory } from '../../../shared/forecast.ts';
import { limitHistoryQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { tightestWindow } from '../../components/limit-reading.ts';
import { Select } from '../../components/select.tsx';
import { LimitHistoryChart } from './limit-history-chart.tsx';

const HOUR = 3_600_000;
const SPANS = [
  { value: '24', label: 'Last 24 hours' },
  { value: '192', label: 'Last 8 days' },
] as const;

type Span = (typeof SPANS)[number]['value'];
type Props = { account: AccountView; onClose: () => void };

/** How an account's limits were used over time, bucket by bucket. */
export function LimitHistoryDialog({ account, onClose }: Props) {
  const [to] = useState(() => Date.now());
  const [span, setSpan] = useState<Span>('24');
  const [chosen, setChosen] = useState<string | null>(null);
  const from = to - Number(span) * HOUR;
  const history = useQuery({
    ...limitHistoryQuery(account.id, from, to),
    placeholderData: keepPreviousData,
  });
  const series = history.data?.series ?? [];
  const shown = pick(series, chosen, account);
  return (
    <Dialog
      title={`Limits of ${account.name} over time`}
      description="Readings from answers and from the usage page. Gaps are times without any."
      onClose={onClose}
    >
      <div className="history-choice">
        <Select label="Time" value={span} options={SPANS} onChange={setSpan} />
        {shown && (
          <Select
            label="Limit"
            value={shown.bucket}
            options={series.map(({ bucket, label }) => ({ value: bucket, label }))}
            onChange={setChosen}
          />
        )}
      </div>
      {history.isError && (
        <ErrorPanel
          title="The readings could not be read."
          error={history.error}
          onRetry={() => void history.refetch()}
        />
      )}
      {history.data && !shown && <p className="secondary history-empty">No reading in this time.</p>}
      {history.isPending && <div className="history-room" />}
      {shown && <LimitHistoryChart series={shown} from={from} to={to} />}
      <div className="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}

/** The chosen bucket, else the one that will stop the account first, else any. */
function pick(series: LimitHistory['series'], chosen: string | null, account: AccountView) {
  const wanted = chosen ?? tightestWindow(account.readings)?.bucket;
  return series.find(({ bucket }) => bucket === wanted) ?? series[0] ?? null;
}
