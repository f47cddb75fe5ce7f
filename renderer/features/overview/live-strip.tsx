import { useQuery } from '@tanstack/react-query';
import { formatClock } from '../../../shared/format.ts';
import type { RequestRow } from '../../../shared/request-record.ts';
import { isFine } from '../../api/matches-filter.ts';
import { recentQuery, useSlice } from '../../api/queries.ts';
import { hrefOf } from '../../app/routes.ts';
import { OutcomeShape, outcomeOf } from '../../components/outcome-mark.tsx';
import { useTicking } from '../../components/ticker.ts';

const SPAN_MS = 60_000;
/** More marks than this would only be a block of colour. */
const MAX_MARKS = 240;

const toSecond = (now: number) => Math.floor(now / 1000) * 1000;

/** The last 60 s of requests, one mark each; now is at the right edge. */
export function LiveStrip() {
  const recent = useQuery(recentQuery).data ?? [];
  const now = useTicking(toSecond) + 1000;
  const shown = recent
    .filter((row) => row.startedAt > now - SPAN_MS && row.startedAt <= now)
    .slice(0, MAX_MARKS);
  return (
    <section className="strip" aria-label="Last 60 seconds">
      <div className="strip-lane">
        {shown.map((row) => (
          <StripMark key={row.id} row={row} now={now} />
        ))}
      </div>
      <div className="strip-words">
        <StripWords rows={shown} />
        <a href={hrefOf('requests')}>All requests</a>
      </div>
    </section>
  );
}

function StripMark({ row, now }: { row: RequestRow; now: number }) {
  const { word, tone } = outcomeOf(row);
  const label = `${word}, ${row.model ?? row.path}, ${formatClock(row.startedAt, now)}`;
  return (
    <a
      className="strip-mark"
      data-tone={tone}
      href={hrefOf('requests', row.id)}
      style={{ left: `${(1 - (now - row.startedAt) / SPAN_MS) * 100}%` }}
      aria-label={label}
      title={label}
      tabIndex={-1}
    >
      <OutcomeShape row={row} size={9} />
    </a>
  );
}

function StripWords({ rows }: { rows: RequestRow[] }) {
  const inFlight = useSlice('proxy').inFlight;
  const problems = rows.filter((row) => !isFine(row)).length;
  const parts = [
    rows.length === 0 ? 'No requests in the last 60 s' : `${rows.length} in the last 60 s`,
    ...(problems > 0 ? [`${problems} ${problems === 1 ? 'problem' : 'problems'}`] : []),
    ...(inFlight > 0 ? [`${inFlight} in progress`] : []),
  ];
  return <span>{parts.join(', ')}</span>;
}
