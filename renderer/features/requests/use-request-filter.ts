import { useDeferredValue, useState } from 'react';
import type { RequestFilter } from '../../../shared/request-record.ts';

/** The filter bar's fields; `null` means any. */
export type FilterFields = {
  outcome: RequestFilter['outcome'];
  accountId: string | null;
  model: string | null;
  text: string;
};

const ANY: FilterFields = { outcome: 'all', accountId: null, model: null, text: '' };

/** Longest text the contract takes. */
const MAX_TEXT = 200;

/** Filter of the list; typing stays ahead of the query. */
export function useRequestFilter() {
  const [fields, setFields] = useState(ANY);
  const text = useDeferredValue(fields.text.trim().slice(0, MAX_TEXT));
  const filter: RequestFilter = {
    outcome: fields.outcome,
    ...(fields.accountId !== null && { accountId: fields.accountId }),
    ...(fields.model !== null && { model: fields.model }),
    ...(text !== '' && { text }),
  };
  return {
    fields,
    filter,
    isFiltered: Object.keys(filter).length > 1 || filter.outcome !== 'all',
    change: (change: Partial<FilterFields>) => setFields((old) => ({ ...old, ...change })),
    clear: () => setFields(ANY),
  };
}
