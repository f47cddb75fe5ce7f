import type { HeaderLookup } from '../limit-ports.ts';
import { UNIFIED } from './refused-windows.ts';

/**
 * Of an answer's headers those about the plan's windows, which every call draws from. Token counting, files and batches
 * have rates of their own, under the same names as those of messages: taken for these they would say what is not so.
 */
export function planHeaders(headers: HeaderLookup): HeaderLookup {
  const isPlan = (name: string): boolean => name.startsWith(UNIFIED);
  const { entries } = headers;
  return {
    get: (name) => (isPlan(name) ? headers.get(name) : undefined),
    ...(entries === undefined
      ? {}
      : { entries: () => [...entries.call(headers)].filter(([name]) => isPlan(name)) }),
  };
}
