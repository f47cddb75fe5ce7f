import { type Exchange, header, numberHeader } from './exchange.ts';
import { type JsonObject, textOf } from './json.ts';
import type { MessagePlan } from './message-plan.ts';

/** Token counts of one answer, prompt side. */
export type PromptUsage = { input: number; read: number; write5m: number; write1h: number };

const BYTES_PER_TOKEN = 4;
const MAX_CACHED_PREFIXES = 1000;

/** Tokens of the prompt: `x-sim-input-tokens`, else a quarter of the body's bytes. */
export function promptTokens(exchange: Exchange): number {
  const told = numberHeader(exchange, 'x-sim-input-tokens');
  return told ?? Math.max(1, Math.ceil(exchange.record.body.length / BYTES_PER_TOKEN));
}

/**
 * Splits the prompt into fresh, cache-written and cache-read tokens. A body with `cache_control` keeps nine tenths of
 * its prompt warm per account, model and conversation, for five minutes or an hour (prompt caching guide).
 */
export function promptUsage(exchange: Exchange, body: JsonObject): PromptUsage {
  const total = promptTokens(exchange);
  const text = exchange.record.body;
  if (!text.includes('"cache_control"')) return { input: total, read: 0, write5m: 0, write1h: 0 };
  const hour = /"ttl"\s*:\s*"1h"/.test(text.toString('latin1'));
  const cacheable = Math.floor(total * 0.9);
  const read = Math.min(cacheable, touchCache(exchange, body, cacheable, hour));
  const written = cacheable - read;
  return { input: total - cacheable, read, write5m: hour ? 0 : written, write1h: hour ? written : 0 };
}

/** Tokens that were warm; from now on `cacheable` are. */
function touchCache(exchange: Exchange, body: JsonObject, cacheable: number, hour: boolean): number {
  const { promptCache, clock } = exchange.world;
  const key = `${exchange.account?.organizationId} ${textOf(body, 'model')} ${conversationOf(exchange, body)}`;
  const now = clock.now();
  const known = promptCache.get(key);
  promptCache.delete(key);
  promptCache.set(key, { tokens: cacheable, endsAt: now + (hour ? 3_600_000 : 300_000) });
  const oldest = promptCache.keys().next();
  if (promptCache.size > MAX_CACHED_PREFIXES && !oldest.done) promptCache.delete(oldest.value);
  return known && known.endsAt > now ? known.tokens : 0;
}

function conversationOf(exchange: Exchange, body: JsonObject): string {
  const session = header(exchange, 'x-claude-code-session-id');
  if (session !== undefined) return `${session} ${header(exchange, 'x-claude-code-agent-id') ?? ''}`;
  const { metadata } = body;
  return textOf(metadata, 'user_id') ?? 'none';
}

/** The fields that `message_start` and a plain answer share. */
function promptFields(prompt: PromptUsage): JsonObject {
  return {
    input_tokens: prompt.input,
    cache_creation_input_tokens: prompt.write5m + prompt.write1h,
    cache_read_input_tokens: prompt.read,
  };
}

function serviceFields(prompt: PromptUsage, body: JsonObject): JsonObject {
  const speed = textOf(body, 'speed');
  return {
    cache_creation: {
      ephemeral_5m_input_tokens: prompt.write5m,
      ephemeral_1h_input_tokens: prompt.write1h,
    },
    service_tier: 'standard',
    inference_geo: 'global',
    ...(speed === undefined ? {} : { speed }),
  };
}

function outputFields(plan: MessagePlan): JsonObject {
  return {
    output_tokens: plan.outputTokens,
    output_tokens_details: { thinking_tokens: plan.thinkingTokens },
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
  };
}

/** Usage of a plain answer: everything. */
export function plainUsage(prompt: PromptUsage, plan: MessagePlan, body: JsonObject): JsonObject {
  return { ...promptFields(prompt), ...serviceFields(prompt, body), ...outputFields(plan) };
}

/** Usage in `message_start`: the prompt side and a first small output count. */
export function startUsage(prompt: PromptUsage, body: JsonObject): JsonObject {
  return { ...promptFields(prompt), ...serviceFields(prompt, body), output_tokens: 1 };
}

/** Usage in `message_delta`: cumulative, without the cache split and the service fields. */
export function finalUsage(prompt: PromptUsage, plan: MessagePlan): JsonObject {
  return { ...promptFields(prompt), ...outputFields(plan) };
}
