import { type Exchange, header, jsonBody } from './exchange.ts';
import { isObject, type JsonObject, memberOf, textOf } from './json.ts';
import { page } from './models.ts';
import { badRequest, notFound, sendBody, sendJson } from './respond.ts';

/** A message batch as one workspace has it (Message Batches reference). */
export type StoredBatch = {
  organizationId: string;
  id: string;
  createdAt: number;
  requests: JsonObject[];
  status: 'in_progress' | 'canceling' | 'ended';
  canceled: boolean;
  resultsUrl: string;
};

const DAY_MS = 86_400_000;
const MAX_BATCHES = 200;

/** `POST /v1/messages/batches`. The batch is done when it is next asked for. */
export function createBatch(exchange: Exchange): void {
  const requests = memberOf(jsonBody(exchange), 'requests');
  if (!Array.isArray(requests) || requests.length === 0) {
    badRequest(exchange, 'requests: Field required');
    return;
  }
  const { batches, newId, clock } = exchange.world;
  const id = newId('msgbatch_');
  const batch: StoredBatch = {
    organizationId: exchange.account?.organizationId ?? '',
    id,
    createdAt: clock.now(),
    requests: requests.filter(isObject),
    status: 'in_progress',
    canceled: false,
    resultsUrl: `http://${header(exchange, 'host')}/v1/messages/batches/${id}/results`,
  };
  batches.set(id, batch);
  const oldest = batches.keys().next();
  if (batches.size > MAX_BATCHES && !oldest.done) batches.delete(oldest.value);
  sendJson(exchange, 200, describe(batch));
}

function describe(batch: StoredBatch) {
  const { length } = batch.requests;
  const ended = batch.status === 'ended';
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: batch.status,
    request_counts: {
      processing: ended ? 0 : length,
      succeeded: ended && !batch.canceled ? length : 0,
      errored: 0,
      canceled: ended && batch.canceled ? length : 0,
      expired: 0,
    },
    created_at: iso(batch.createdAt),
    expires_at: iso(batch.createdAt + DAY_MS),
    ended_at: ended ? iso(batch.createdAt) : null,
    cancel_initiated_at: batch.canceled ? iso(batch.createdAt) : null,
    archived_at: null,
    results_url: ended ? batch.resultsUrl : null,
  };
}

function owned(exchange: Exchange, id: string): StoredBatch | null {
  const batch = exchange.world.batches.get(id);
  if (batch && batch.organizationId === exchange.account?.organizationId) return batch;
  notFound(exchange, `Batch not found: ${id}`);
  return null;
}

/** `GET /v1/messages/batches`. */
export function listBatches(exchange: Exchange): void {
  const mine = [...exchange.world.batches.values()].filter(
    (batch) => batch.organizationId === exchange.account?.organizationId,
  );
  sendJson(exchange, 200, page(exchange, mine.map(describe)));
}

/** `GET /v1/messages/batches/{id}`. */
export function getBatch(exchange: Exchange, id: string): void {
  const batch = owned(exchange, id);
  if (!batch) return;
  batch.status = 'ended';
  sendJson(exchange, 200, describe(batch));
}

/** `POST /v1/messages/batches/{id}/cancel`. */
export function cancelBatch(exchange: Exchange, id: string): void {
  const batch = owned(exchange, id);
  if (!batch) return;
  if (batch.status === 'in_progress') {
    batch.status = 'canceling';
    batch.canceled = true;
  }
  sendJson(exchange, 200, describe(batch));
}

/** `DELETE /v1/messages/batches/{id}`: only once it has ended. */
export function deleteBatch(exchange: Exchange, id: string): void {
  const batch = owned(exchange, id);
  if (!batch) return;
  if (batch.status !== 'ended') {
    badRequest(exchange, 'A batch must have ended before it can be deleted.');
    return;
  }
  exchange.world.batches.delete(id);
  sendJson(exchange, 200, { id, type: 'message_batch_deleted' });
}

/** `GET /v1/messages/batches/{id}/results`: one JSON object per line. */
export function getBatchResults(exchange: Exchange, id: string): void {
  const batch = owned(exchange, id);
  if (!batch) return;
  const lines = batch.requests.map((request) => `${JSON.stringify(resultOf(exchange, batch, request))}\n`);
  sendBody(exchange, 200, Buffer.from(lines.join('')), { 'content-type': 'application/x-jsonl' });
}

function resultOf(exchange: Exchange, batch: StoredBatch, request: JsonObject): JsonObject {
  const { custom_id: customId, params } = request;
  if (batch.canceled) return { custom_id: customId, result: { type: 'canceled' } };
  const message = {
    id: exchange.world.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: textOf(params, 'model') ?? null,
    content: [{ type: 'text', text: `Réponse à ${String(customId)}` }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: 12,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 8,
      service_tier: 'batch',
    },
  };
  return { custom_id: customId, result: { type: 'succeeded', message } };
}
