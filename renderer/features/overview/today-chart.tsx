import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatTokens } from '../../../shared/format.ts';
import { type HourSlot, useHoursToday } from '../../components/use-totals-today.ts';

/** Height of the plot, px; fixed, so that nothing moves when the figures arrive. */
const HEIGHT = 132;

/** In the order of the stack, from the bottom. */
const SERIES = [
  { key: 'cache', label: 'Cache', colour: 'var(--series-cache)' },
  { key: 'input', label: 'Input', colour: 'var(--series-input)' },
  { key: 'output', label: 'Output', colour: 'var(--series-output)' },
] as const;

const hourFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const hourOf = (start: number): string => hourFormat.format(start);

/** Tokens of the user's day, hour by hour. Absent until there is something to show. */
export function TodayChart() {
  const slots = useHoursToday();
  if (slots === undefined) return <div className="today-chart-room" />;
  if (slots === null) return null;
  const used = slots.filter((slot) => sum(slot) > 0);
  return (
    <figure className="today-chart">
      <figcaption>
        <span>Tokens by hour</span>
        <ul className="chart-legend" aria-label="From the bottom of each bar">
          {SERIES.map(({ key, label }) => (
            <li key={key}>
              <span className={`swatch swatch-${key}`} aria-hidden="true" />
              {label}
            </li>
          ))}
        </ul>
      </figcaption>
      <div aria-hidden="true">
        <Plot slots={slots} />
      </div>
      <div className="visually-hidden">
        <HourTable slots={used} />
      </div>
    </figure>
  );
}

function Plot({ slots }: { slots: HourSlot[] }) {
  return (
    <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 700, height: HEIGHT }}>
      <BarChart data={slots} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="start"
          tickFormatter={hourOf}
          interval={3}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          tick={{ fill: 'var(--text-3)', fontSize: 11 }}
        />
        <YAxis
          width={44}
          tickFormatter={formatTokens}
          tickLine={false}
          axisLine={false}
          tick={{ fill: 'var(--text-3)', fontSize: 11 }}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--bg-hover)' }}
          contentStyle={{
            background: 'var(--bg-raised)',
            border: '1px solid var(--line-strong)',
            borderRadius: 6,
            fontSize: 12,
          }}
          labelFormatter={(start) => hourOf(Number(start))}
          formatter={(value) => formatTokens(Number(value))}
        />
        {SERIES.map(({ key, label, colour }) => (
          <Bar
            key={key}
            dataKey={key}
            name={label}
            stackId="tokens"
            fill={colour}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

/** The same figures for those who do not see the plot. */
function HourTable({ slots }: { slots: HourSlot[] }) {
  return (
    <table>
      <caption>Tokens by hour today</caption>
      <thead>
        <tr>
          <th scope="col">Hour</th>
          {SERIES.map(({ key, label }) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {slots.map((slot) => (
          <tr key={slot.start}>
            <th scope="row">{hourOf(slot.start)}</th>
            {SERIES.map(({ key }) => (
              <td key={key}>{formatTokens(slot[key])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sum(slot: HourSlot): number {
  return slot.cache + slot.input + slot.output;
}
