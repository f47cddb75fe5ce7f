import type { Usage } from '../../../shared/request-record.ts';
import type { PriceUsage } from '../usage-ports.ts';
import type { DatedPrice, PriceTable, Rates } from './price-table.ts';

/** A dollar per million tokens is so many billionths of a dollar per token. */
const NANO_PER_TOKEN = 1000;

type Entry = { readonly geo: boolean; readonly prices: readonly (DatedPrice & { readonly from: number })[] };

/**
 * Prices usage by a table, in whole billionths of a dollar. An id that the table does not name (with or without a
 * date at its end) has no price, and neither has a model before its first day: a guess would look like a fact.
 */
export function createPricing(table: PriceTable): PriceUsage {
  const entries = indexOf(table);
  return (model, usage, at) => {
    const entry = model === null ? undefined : lookUp(entries, model);
    const price = entry?.prices.findLast(({ from }) => from <= at);
    if (entry === undefined || price === undefined) return null;
    const rates = ratesFor(price, usage);
    if (rates === null || (usage.inputTokens === null && usage.outputTokens === null)) return null;
    const tokens = tokenCost(rates, usage) * factorOf(table, entry, usage);
    return Math.round(tokens + (usage.webSearches ?? 0) * table.webSearchPerThousand * 1_000_000);
  };
}

function indexOf(table: PriceTable): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { ids, geo, prices } of table.models) {
    const dated = prices.map((price) => ({ ...price, from: Date.parse(`${price.validFrom}T00:00:00Z`) }));
    dated.sort((a, b) => a.from - b.from);
    for (const id of ids) entries.set(id, { geo, prices: dated });
  }
  return entries;
}

/** The id as it is, else without the date at its end. `[1m]` is a client's word for the long context. */
function lookUp(entries: ReadonlyMap<string, Entry>, model: string): Entry | undefined {
  const id = model.replace(/\[1m\]$/i, '');
  return entries.get(id) ?? entries.get(id.replace(/-\d{8}$/, ''));
}

function ratesFor(price: DatedPrice, usage: Usage): Rates | null {
  if (usage.speed === 'fast') return price.fast ?? null;
  const prompt = (usage.inputTokens ?? 0) + (usage.cacheReadTokens ?? 0) + cacheWrites(usage).all;
  const { longPrompt } = price;
  return longPrompt !== undefined && prompt > longPrompt.aboveTokens ? longPrompt : price;
}

/** Cache writes; those of unknown duration count as five minutes, the provider's default. */
function cacheWrites(usage: Usage): { all: number; short: number; long: number } {
  const long = usage.cacheWrite1hTokens ?? 0;
  const all = Math.max(usage.cacheWriteTokens ?? 0, (usage.cacheWrite5mTokens ?? 0) + long);
  return { all, short: all - long, long };
}

function tokenCost(rates: Rates, usage: Usage): number {
  const { short, long } = cacheWrites(usage);
  return (
    (usage.inputTokens ?? 0) * nano(rates.input) +
    (usage.outputTokens ?? 0) * nano(rates.output) +
    (usage.cacheReadTokens ?? 0) * nano(rates.cacheRead) +
    short * nano(rates.cacheWrite5m) +
    long * nano(rates.cacheWrite1h)
  );
}

/** Whole, so that sums of large counts stay exact. */
function nano(usdPerMillion: number): number {
  return Math.round(usdPerMillion * NANO_PER_TOKEN);
}

function factorOf(table: PriceTable, { geo }: Entry, usage: Usage): number {
  const place = geo && usage.inferenceGeo !== null ? table.geoFactors[usage.inferenceGeo] : undefined;
  const batch = usage.serviceTier === 'batch' ? table.batchFactor : 1;
  return batch * (place ?? 1);
}
