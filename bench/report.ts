/** One row of the result: what, for each target, and the ratio or figure that counts with its goal. */
export type Row = {
  what: string;
  direct: string;
  passThrough: string;
  ours: string;
  figure: string;
  goal: string;
  met: boolean;
};

/** Ratio of what we add to what the pass-through adds; both above the direct figure. */
export function addedRatio(direct: number, passThrough: number, ours: number): number {
  return (ours - direct) / (passThrough - direct);
}

/** `1.23x` */
export const times = (ratio: number): string => `${ratio.toFixed(2)}x`;

/** `0.31 ms` */
export const ms = (value: number): string => `${value.toFixed(2)} ms`;

/** The rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  const head = '| what | direct | pass-through | ours | figure | goal | met |\n|---|---|---|---|---|---|---|';
  const body = rows.map(
    (row) =>
      `| ${row.what} | ${row.direct} | ${row.passThrough} | ${row.ours} | ${row.figure} | ${row.goal} | ${row.met ? 'yes' : 'no'} |`,
  );
  return [head, ...body].join('\n');
}
