import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STRATEGIES } from '../../../shared/settings.ts';
import { lostWithSharedPrefix, priceOfLoss, SHARED_TOKENS } from './conversation-cost.ts';
import { ACCOUNTS, type Day, runDay } from './day.ts';

const DOCS = fileURLToPath(new URL('../../../docs/balancing.md', import.meta.url));

const BEGIN = '<!-- scenarios: begin, written by npm run scenarios -->';
const END = '<!-- scenarios: end -->';

const COLUMNS = [
  'strategy',
  'errors seen',
  'sessions moved',
  'best possible',
  'cached tokens lost',
  'their price',
  `with ${count(SHARED_TOKENS)} shared`,
  'week left unused',
  `requests: ${ACCOUNTS.join(' / ')}`,
];

/** The day with every strategy, one after the other. */
export async function runDays(): Promise<Day[]> {
  const days: Day[] = [];
  for (const strategy of STRATEGIES) days.push(await runDay(strategy));
  return days;
}

/** What the days came to, as a Markdown table in columns, which the formatter leaves as it is. */
export function tableOf(days: readonly Day[]): string {
  const rows = [COLUMNS, ...days.map(rowOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

function count(tokens: number): string {
  return tokens.toLocaleString('en-US');
}

function rowOf({ strategy, log, sessions, walls, perfect }: Day): string[] {
  const steps = sessions.flat();
  const served = (account: string): number =>
    log.filter(({ reply }) => reply.organization === `org-${account}` && reply.status < 400).length;
  const unused = walls.resets.find(({ window }) => window === '7d')?.unused ?? Number.NaN;
  return [
    `\`${strategy}\``,
    String(log.filter(({ reply }) => reply.status >= 400).length),
    String(steps.filter(({ moved }) => moved).length),
    perfect === null ? 'not found' : '0',
    count(steps.reduce((sum, { lost }) => sum + lost, 0)),
    `$${steps.reduce((sum, step) => sum + priceOfLoss(step), 0).toFixed(2)}`,
    count(lostWithSharedPrefix(sessions)),
    `${Math.round(unused * 100)} %`,
    ACCOUNTS.map(served).join(' / '),
  ];
}

/** The table that stands in the documentation. @throws Error when the marks are missing */
export function tableInDocs(): string {
  const text = readFileSync(DOCS, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/balancing.md has lost the marks around its table');
  return text.slice(begin + BEGIN.length, end).trim();
}

/** Puts a table in its place in the documentation. */
export function writeTable(table: string): void {
  const text = readFileSync(DOCS, 'utf8');
  writeFileSync(
    DOCS,
    text.replace(tableInDocs(), () => table),
  );
}
