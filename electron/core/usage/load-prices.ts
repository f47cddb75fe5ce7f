import { AppError } from '../errors.ts';
import { type PriceTable, priceTableSchema } from './price-table.ts';

export type { PriceTable } from './price-table.ts';

/** Checks a parsed price table. Throws AppError `file_invalid` that names the first field that does not fit. */
export function parsePrices(json: unknown): PriceTable {
  const parsed = priceTableSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new AppError(
    'file_invalid',
    `The price table is not valid at "${where}": ${issue?.message ?? 'unknown'}`,
  );
}
