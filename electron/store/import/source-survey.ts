import type { ImportPreview } from '../../../shared/import.ts';
import { leftBehind } from './left-behind.ts';
import { numberOf, timeOf } from './old-values.ts';
import { accountTable, requestTable, type SourceDatabase } from './source-database.ts';
import { asNumber, sumPages } from './source-rows.ts';

/** A change this short a time ago means that the old program still runs, ms. */
const RUNNING_MS = 120_000;

const DAY_MS = 86_400_000;

/** Bytes that an imported request takes in the request log with its indexes; measured. */
const ROW_BYTES = 640;

/** What the preview is judged against. */
export type SurveyRules = {
  /** UTC ms. */
  readonly now: number;
  /** UTC ms of the last change of the original. */
  readonly changedAt: number;
  /** Requests that ended before this are left out: the request log removed rows up to there before. UTC ms. */
  readonly floor: number;
  /** Null while the settings are not known yet. */
  readonly retention: { readonly requestRetentionDays: number; readonly maxArchiveBytes: number } | null;
};

/** What a database holds, as far as the request log is concerned. */
export type Survey = Pick<ImportPreview, 'requests' | 'skipped' | 'warnings'>;

type RequestSums = {
  count: number;
  oldestAt: number | null;
  newestAt: number | null;
  /** Without a usable time. */
  timeless: number;
  belowFloor: number;
  overAge: number;
};

/**
 * Looks through a database without keeping rows in memory.
 * @throws AppError `import_unreadable` when it is damaged
 */
export async function surveySource(source: SourceDatabase, rules: SurveyRules): Promise<Survey> {
  const sums = await sumRequests(source, rules);
  const { count, oldestAt, newestAt } = sums;
  return {
    requests: { count, oldestAt, newestAt },
    skipped: [...skippedRequests(sums, rules), ...(await leftBehind(source))],
    warnings: [...warningsOf(source, rules), ...retentionWarnings(sums, rules)],
  };
}

/** Old rows may hold seconds; smaller numbers than 1e11 are such. */
const TIME = `CAST(${asNumber('timestamp')} AS REAL)`;
const AS_MS = `CASE WHEN ${TIME} < 1e11 THEN ${TIME} * 1000 ELSE ${TIME} END`;

/** The years in which `timeOf` believes a time. */
const BELIEVED = 'at >= 946684800000 AND at < 4102444800000';

async function sumRequests(source: SourceDatabase, rules: SurveyRules): Promise<RequestSums> {
  const sums: RequestSums = {
    count: 0,
    oldestAt: null,
    newestAt: null,
    timeless: 0,
    belowFloor: 0,
    overAge: 0,
  };
  if (!requestTable(source)) return sums;
  const query = {
    columns: `${AS_MS} AS at`,
    sums: `COUNT(*) AS count, COUNT(*) FILTER (WHERE ${BELIEVED}) AS timed,
      MIN(at) FILTER (WHERE ${BELIEVED}) AS oldest, MAX(at) FILTER (WHERE ${BELIEVED}) AS newest,
      COUNT(*) FILTER (WHERE ${BELIEVED} AND at < ?) AS below_floor,
      COUNT(*) FILTER (WHERE ${BELIEVED} AND at < ?) AS over_age`,
    parameters: [rules.floor, cutOff(rules) ?? 0],
  };
  await sumPages(source, 'requests', query, (page) => {
    const count = (name: string): number => numberOf(page[name]) ?? 0;
    sums.count += count('count');
    sums.timeless += count('count') - count('timed');
    sums.belowFloor += count('below_floor');
    sums.overAge += count('over_age');
    sums.oldestAt = least(sums.oldestAt, timeOf(page.oldest), Math.min);
    sums.newestAt = least(sums.newestAt, timeOf(page.newest), Math.max);
  });
  return sums;
}

function least(one: number | null, other: number | null, choose: (a: number, b: number) => number) {
  if (one === null || other === null) return one ?? other;
  return choose(one, other);
}

function cutOff({ retention, now }: SurveyRules): number | null {
  return retention === null ? null : now - retention.requestRetentionDays * DAY_MS;
}

function skippedRequests(sums: RequestSums, { floor }: SurveyRules): Survey['skipped'] {
  const skipped: Survey['skipped'] = [];
  if (sums.timeless > 0) {
    skipped.push({ what: 'Requests', count: sums.timeless, reason: 'They have no usable time.' });
  }
  if (sums.belowFloor > 0) {
    const day = new Date(floor).toISOString().slice(0, 10);
    const reason = `They are older than ${day}, up to which the request log has removed its rows; counting them could count them twice.`;
    skipped.push({ what: 'Requests', count: sums.belowFloor, reason });
  }
  return skipped;
}

function warningsOf(source: SourceDatabase, { now, changedAt }: SurveyRules): string[] {
  const warnings = [
    'The old database holds tokens and keys in clear. Stop the old program before you import, and delete the file once everything works here.',
  ];
  if (now - changedAt < RUNNING_MS) {
    warnings.push(
      'The old program seems to be running: its files were changed a moment ago. Stop it first, or requests and renewed logins of the last minutes will be missing.',
    );
  }
  if (!accountTable(source)) {
    warnings.push(
      'No accounts can be read from it. If the old program stopped in the middle of an update, start it once more and try again.',
    );
  }
  if (!requestTable(source)) warnings.push('No requests can be read from it.');
  return warnings;
}

function retentionWarnings(sums: RequestSums, { retention }: SurveyRules): string[] {
  if (retention === null) return [];
  const { requestRetentionDays: days, maxArchiveBytes } = retention;
  const warnings: string[] = [];
  const gone = Math.max(sums.overAge - sums.belowFloor, 0);
  if (gone > 0) {
    warnings.push(
      `${gone} requests are older than the ${days} days for which rows are kept: they are counted in the sums, then removed. To keep them, raise that setting first.`,
    );
  }
  const bytes = (sums.count - sums.timeless - Math.max(sums.overAge, sums.belowFloor)) * ROW_BYTES;
  if (bytes > maxArchiveBytes) {
    warnings.push(
      `The requests need about ${Math.ceil(bytes / 1024 / 1024)} MB, more than the request log may take: the oldest will be removed after they were counted. To keep them, raise its size first.`,
    );
  }
  return warnings;
}
