import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { LimitHistory } from '../../../shared/forecast.ts';
import { formatClock, formatPercent } from '../../../shared/format.ts';

type Series = LimitHistory['series'][number];

/** Height of the plot, px; fixed, so that nothing moves when the readings arrive. */
const HEIGHT = 180;
/** Rows of the table at most; it tells the course, not each reading. */
const MAX_ROWS = 48;
const DAY = 24 * 3_600_000;

type ChartProps = {
  series: Series;
  /** Borders of the time shown, UTC ms. */
  from: number;
  to: number;
};

/** Use of one bucket over time, as a line for the eye and a table for screen readers. */
export function LimitHistoryChart({ series, from, to }: ChartProps) {
  return (
    <figure className="limit-history">
      <div aria-hidden="true">
        <Plot series={series} from={from} to={to} />
      </div>
      <div className="visually-hidden">
        <ReadingTable series={series} to={to} />
      </div>
    </figure>
  );
}

function Plot({ series, from, to }: ChartProps) {
  const tick = { fill: 'var(--text-3)', fontSize: 11 };
  const words = (at: number) => formatClock(at, to);
  return (
    <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 560, height: HEIGHT }}>
      <LineChart
        data={series.points}
        margin={{ top: 6, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={[from, to]}
          ticks={ticksOf(from, to)}
          tickFormatter={words}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          tick={tick}
        />
        <YAxis
          width={44}
          domain={[0, (max: number) => Math.max(1, max)]}
          tickFormatter={formatPercent}
          tickLine={false}
          axisLine={false}
          tick={tick}
        />
        <Tooltip
          isAnimationActive={false}
          separator=": "
          contentStyle={{
            background: 'var(--bg-raised)',
            border: '1px solid var(--line-strong)',
            borderRadius: 6,
            fontSize: 12,
          }}
          labelFormatter={(at) => words(Number(at))}
          formatter={(value) => formatPercent(Number(value))}
        />
        <Line
          dataKey="utilisation"
          name={series.label}
          stroke="var(--bar)"
          strokeWidth={2}
          dot={series.points.length < 30 ? { r: 2, fill: 'var(--bar)' } : false}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

/** Full local hours, or midnights over several days. */
function ticksOf(from: number, to: number): number[] {
  const step = to - from > DAY ? DAY : DAY / 4;
  const midnight = new Date(to).setHours(0, 0, 0, 0);
  const ticks: number[] = [];
  for (let at = midnight + DAY; at >= from; at -= step) if (at <= to) ticks.unshift(at);
  return ticks;
}

function ReadingTable({ series, to }: { series: Series; to: number }) {
  return (
    <table>
      <caption>{series.label}: share used</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Used</th>
        </tr>
      </thead>
      <tbody>
        {thinned(series.points).map(({ at, utilisation }) => (
          <tr key={at}>
            <th scope="row">{formatClock(at, to)}</th>
            <td>{formatPercent(utilisation)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Evenly chosen points, always with the last one. */
function thinned(points: Series['points']): Series['points'] {
  if (points.length <= MAX_ROWS) return points;
  const step = (points.length - 1) / (MAX_ROWS - 1);
  return Array.from({ length: MAX_ROWS }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}
