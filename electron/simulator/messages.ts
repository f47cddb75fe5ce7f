import { type Exchange, header, jittered, jsonBody, numberHeader } from './exchange.ts';
import { type JsonObject, memberOf, textOf } from './json.ts';
import { bentEvents, messageEvents, plainContent } from './message-events.ts';
import { type MessagePlan, planMessage } from './message-plan.ts';
import { sendEvents } from './message-stream.ts';
import {
  finalUsage,
  type PromptUsage,
  plainUsage,
  promptTokens,
  promptUsage,
  startUsage,
} from './message-usage.ts';
import { badRequest, notFound, sendBody, sendError, sendJson } from './respond.ts';

/** `POST /v1/messages` (Messages API reference). */
export function createMessage(exchange: Exchange): void {
  const body = jsonBody(exchange);
  const complaint = invalid(body);
  if (!body || complaint !== null) {
    badRequest(exchange, complaint ?? '');
    return;
  }
  const foreign = foreignFile(exchange);
  if (foreign !== null) {
    notFound(exchange, `File not found: ${foreign}`);
    return;
  }
  const plan = planMessage(exchange, body);
  const headers = admit(exchange, body, plan);
  if (headers) answer(exchange, body, plan, headers);
}

function invalid(body: JsonObject | null): string | null {
  if (!body) return 'The request body is not valid JSON.';
  if (!textOf(body, 'model')) return 'model: Field required';
  const { max_tokens: maxTokens, messages } = body;
  if (typeof maxTokens !== 'number' || maxTokens < 1) return 'max_tokens: Field required';
  return Array.isArray(messages) && messages.length > 0 ? null : 'messages: at least one message is required';
}

/** A file named in the body that the account's workspace does not have. */
function foreignFile(exchange: Exchange): string | null {
  const { body } = exchange.record;
  if (!body.includes('"file_id"')) return null;
  for (const [, id] of body.toString('utf8').matchAll(/"file_id"\s*:\s*"([^"]+)"/g)) {
    const file = exchange.world.files.get(id ?? '');
    if (file?.organizationId !== exchange.account?.organizationId) return id ?? '';
  }
  return null;
}

/** Rate-limit headers of an admitted message; null when the 429 has been sent. */
function admit(exchange: Exchange, body: JsonObject, plan: MessagePlan): Record<string, string> | null {
  const use = {
    model: textOf(body, 'model') ?? '',
    inputTokens: promptTokens(exchange),
    outputTokens: plan.outputTokens,
  };
  const admission = exchange.account?.admit(use, exchange.world.clock.now());
  if (admission?.admitted) return admission.headers;
  const message = "This request would exceed your account's rate limit. Please try again later.";
  sendError(exchange, 429, { type: 'rate_limit_error', message }, admission?.headers ?? {});
  return null;
}

function answer(
  exchange: Exchange,
  body: JsonObject,
  plan: MessagePlan,
  headers: Record<string, string>,
): void {
  if (exchange.account) exchange.account.answered++;
  const prompt = promptUsage(exchange, body);
  const streamed = memberOf(body, 'stream') === true || exchange.effect.endlessIntervalMs !== undefined;
  if (streamed && exchange.effect.cut?.framing === undefined)
    sendStream(exchange, body, plan, prompt, headers);
  else sendPlain(exchange, body, plan, prompt, headers);
}

function messageObject(exchange: Exchange, body: JsonObject): JsonObject {
  return {
    id: exchange.world.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model: textOf(body, 'model'),
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function sendStream(
  exchange: Exchange,
  body: JsonObject,
  plan: MessagePlan,
  prompt: PromptUsage,
  headers: Record<string, string>,
): void {
  const message = { ...messageObject(exchange, body), usage: startUsage(prompt, body) };
  const events = messageEvents(plan, { message, finalUsage: finalUsage(prompt, plan) });
  sendEvents(exchange, bentEvents(events, exchange.effect), interval(exchange), headers);
}

/** `x-sim-interval-ms` exactly, else the configured pause with its variation. */
function interval(exchange: Exchange): number {
  const told = exchange.effect.endlessIntervalMs ?? numberHeader(exchange, 'x-sim-interval-ms');
  if (told !== undefined) return told;
  const { eventIntervalMs = 0 } = exchange.world.latency;
  return eventIntervalMs === 0 ? 0 : jittered(exchange.random, eventIntervalMs);
}

function sendPlain(
  exchange: Exchange,
  body: JsonObject,
  plan: MessagePlan,
  prompt: PromptUsage,
  headers: Record<string, string>,
): void {
  const message: JsonObject = {
    ...messageObject(exchange, body),
    content: plainContent(plan),
    stop_reason: plan.stopReason,
    usage: plainUsage(prompt, plan, body),
  };
  const bytes = numberHeader(exchange, 'x-sim-bytes');
  const text = bytes === undefined ? JSON.stringify(message) : padded(message, bytes);
  sendBody(exchange, 200, Buffer.from(text), { 'content-type': 'application/json', ...headers });
}

/** The message with filler text, so that the whole body has `bytes` bytes (never less than its frame). */
function padded(message: JsonObject, bytes: number): string {
  const frame = Buffer.byteLength(JSON.stringify({ ...message, content: [{ type: 'text', text: '' }] }));
  const text = 'x'.repeat(Math.max(0, bytes - frame));
  return JSON.stringify({ ...message, content: [{ type: 'text', text }] });
}

/** `POST /v1/messages/count_tokens`: takes nothing from the limits of messages. */
export function countTokens(exchange: Exchange): void {
  if (!textOf(jsonBody(exchange), 'model')) badRequest(exchange, 'model: Field required');
  else sendJson(exchange, 200, { input_tokens: promptTokens(exchange) });
}

/** The model a request asks for, for scripts to match on; null when it has none. */
export function modelOf(exchange: Exchange): string | null {
  if (!(header(exchange, 'content-type') ?? '').includes('json')) return null;
  return textOf(jsonBody(exchange), 'model') ?? null;
}
