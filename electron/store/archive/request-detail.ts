import type { Database } from 'better-sqlite3';
import { type RequestRecord, requestRecordSchema, traceSchema } from '../../../shared/request-record.ts';
import { REQUEST_SELECT, type RequestColumns, toRequestRow } from './request-columns.ts';

type DetailColumns = RequestColumns & {
  readonly upstreamRequestId: string | null;
  readonly stopReason: string | null;
  readonly trace: string | null;
};

/** Shown instead of a trace that does not parse: the rest of the record is still worth reading. */
const UNREADABLE_TRACE: RequestRecord['trace'] = {
  strategy: '',
  candidates: [],
  attempts: [],
  conclusion: 'The routing trace of this request cannot be read.',
  move: null,
  heldMs: 0,
};

/** Answers everything kept about a request, or null when there is none of that id. */
export function createRequestDetail(db: Database): (id: string) => RequestRecord | null {
  const find = db.prepare<[string], DetailColumns>(
    `SELECT ${REQUEST_SELECT}, upstream_request_id AS upstreamRequestId, stop_reason AS stopReason, trace
     FROM requests LEFT JOIN request_traces ON request_seq = seq WHERE id = ?`,
  );
  return (id) => {
    const found = find.get(id);
    if (!found) return null;
    const { upstreamRequestId, stopReason } = found;
    const trace = readTrace(found.trace);
    return requestRecordSchema.parse({ ...toRequestRow(found), upstreamRequestId, stopReason, trace });
  };
}

function readTrace(text: string | null): RequestRecord['trace'] {
  if (text === null) return UNREADABLE_TRACE;
  try {
    return traceSchema.parse(JSON.parse(text));
  } catch {
    return UNREADABLE_TRACE;
  }
}
