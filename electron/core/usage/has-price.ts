import type { PriceUsage } from '../usage-ports.ts';
import { usageOf } from './usage-fields.ts';

const NO_USE = usageOf({ input_tokens: 0, output_tokens: 0 });

/** Whether what a model costs can be told at all. `at`: UTC ms. */
export function hasPrice(price: PriceUsage, model: string | null, at: number): boolean {
  return NO_USE !== null && price(model, NO_USE, at) !== null;
}
