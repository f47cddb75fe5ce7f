import { useDeferredValue, useEffect, useState } from 'react';
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

const only = (text: string | null): FilterFields => (text === null ? ANY : { ...ANY, text });

/** Filter of the list; typing stays ahead of the query. A text that was asked for takes the place of the rest. */
export function useRequestFilter(asked: string | null) {
  const [fields, setFields] = useState(() => only(asked));
  useEffect(() => {
    if (asked !== null) setFields(only(asked));
  }, [asked]);
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
