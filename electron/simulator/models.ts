import type { Exchange } from './exchange.ts';
import type { JsonObject } from './json.ts';
import { notFound, sendJson } from './respond.ts';

type ModelRow = [id: string, name: string, createdAt: string, context: number, output: number];

/** Current models as of autumn 2026, newest first (models overview). */
const ROWS: readonly ModelRow[] = [
  ['claude-fable-5-2', 'Claude Fable 5.2', '2026-11-09', 1_000_000, 128_000],
  ['claude-haiku-5-5', 'Claude Haiku 5.5', '2026-10-07', 1_000_000, 128_000],
  ['claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-09-28', 1_000_000, 128_000],
  ['claude-opus-5-5', 'Claude Opus 5.5', '2026-09-15', 1_000_000, 128_000],
  ['claude-fable-5-1', 'Claude Fable 5.1', '2026-09-01', 1_000_000, 128_000],
  ['claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', '2025-09-29', 200_000, 64_000],
  ['claude-haiku-4-5-20251001', 'Claude Haiku 4.5', '2025-10-01', 200_000, 64_000],
];

const MODELS = ROWS.map(([id, name, createdAt, context, output]) => ({
  id,
  type: 'model',
  display_name: name,
  created_at: `${createdAt}T00:00:00Z`,
  lifecycle: 'active',
  max_input_tokens: context,
  max_tokens: output,
}));

type Listed = { readonly id: string };

/** One page of a list: `{data, has_more, first_id, last_id}`, after `after_id` and at most `limit` long. */
export function page(exchange: Exchange, items: readonly Listed[]): JsonObject {
  const after = exchange.query.get('after_id');
  const start = after === null ? 0 : items.findIndex((item) => item.id === after) + 1;
  const limit = Number(exchange.query.get('limit') ?? 20);
  const data = items.slice(start, start + (limit > 0 ? limit : 20));
  const first = data[0]?.id ?? null;
  return {
    data,
    has_more: start + data.length < items.length,
    first_id: first,
    last_id: data.at(-1)?.id ?? null,
  };
}

/** `GET /v1/models`. */
export function listModels(exchange: Exchange): void {
  sendJson(exchange, 200, page(exchange, MODELS));
}

/** `GET /v1/models/{id}`. */
export function getModel(exchange: Exchange, id: string): void {
  const model = MODELS.find((item) => item.id === id);
  if (model) sendJson(exchange, 200, model);
  else notFound(exchange, `model: ${id}`);
}
