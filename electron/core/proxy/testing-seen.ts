import type { RequestRecord } from '../../../shared/request-record.ts';
import type { Verdict } from '../limit-ports.ts';
import type { Account, RoutingRequest } from '../ports.ts';

export const CLIENT_KEY = 'client-key-for-tests-0123456789';

export type TestAccount = {
  name: string;
  secret: string;
  kind?: Account['kind'];
  baseUrl: string;
  headerStyle?: Account['headerStyle'];
  modelMap?: Account['modelMap'];
  paused?: boolean;
};

/** What a test sees of the neighbours. */
export type Seen = {
  records: RequestRecord[];
  served: { request: RoutingRequest; accountId: string }[];
  chosen: RoutingRequest[];
  events: { code: string; message: string }[];
  audits: string[];
  rested: { accountId: string; verdict: Verdict }[];
  refused: string[];
  resources: Map<string, string>;
  inFlightByAccount: Map<string, number>;
  /** The most that an account ever had in flight. */
  mostInFlight: Map<string, number>;
  /** Resolves with the next record (or one already there beyond those taken). */
  nextRecord(): Promise<RequestRecord>;
};

/** Nothing seen yet. */
export function createSeen(): Seen {
  let taken = 0;
  const seen: Seen = {
    records: [],
    served: [],
    chosen: [],
    events: [],
    audits: [],
    rested: [],
    refused: [],
    resources: new Map(),
    inFlightByAccount: new Map(),
    mostInFlight: new Map(),
    async nextRecord() {
      await until(() => seen.records.length > taken);
      taken += 1;
      const record = seen.records[taken - 1];
      if (record === undefined) throw new Error('no record');
      return record;
    },
  };
  return seen;
}

/** Polls until `done`, for at most five seconds. */
export async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!done()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
