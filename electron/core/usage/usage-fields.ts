import type { Usage } from '../../../shared/request-record.ts';

/** Reads a field of a parsed value that may be anything. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** A text field of at most 200 characters, or null. */
export function textOf(value: unknown, name: string): string | null {
  return asText(fieldOf(value, name));
}

/** A text of at most 200 characters, or null. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;
}

function countOf(value: unknown, name: string): number | null {
  const count = fieldOf(value, name);
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** The `usage` object of an answer, or null when it is none. What it does not say stays null. */
export function usageOf(usage: unknown): Usage | null {
  if (typeof usage !== 'object' || usage === null || Array.isArray(usage)) return null;
  const split = fieldOf(usage, 'cache_creation');
  return {
    inputTokens: countOf(usage, 'input_tokens'),
    outputTokens: countOf(usage, 'output_tokens'),
    cacheReadTokens: countOf(usage, 'cache_read_input_tokens'),
    cacheWriteTokens: countOf(usage, 'cache_creation_input_tokens'),
    cacheWrite5mTokens: countOf(split, 'ephemeral_5m_input_tokens'),
    cacheWrite1hTokens: countOf(split, 'ephemeral_1h_input_tokens'),
    thinkingTokens: countOf(fieldOf(usage, 'output_tokens_details'), 'thinking_tokens'),
    webSearches: countOf(fieldOf(usage, 'server_tool_use'), 'web_search_requests'),
    serviceTier: textOf(usage, 'service_tier'),
    speed: textOf(usage, 'speed'),
    inferenceGeo: textOf(usage, 'inference_geo'),
    partial: false,
  };
}

/**
 * Counts of a stream so far with those of a later event. The later ones are cumulative, so they take the place of
 * the earlier (never added); what a later event leaves out, such as the cache split, stays.
 */
export function replaceUsage(earlier: Usage | null, later: Usage): Usage {
  if (earlier === null) return later;
  return {
    inputTokens: later.inputTokens ?? earlier.inputTokens,
    outputTokens: later.outputTokens ?? earlier.outputTokens,
    cacheReadTokens: later.cacheReadTokens ?? earlier.cacheReadTokens,
    cacheWriteTokens: later.cacheWriteTokens ?? earlier.cacheWriteTokens,
    cacheWrite5mTokens: later.cacheWrite5mTokens ?? earlier.cacheWrite5mTokens,
    cacheWrite1hTokens: later.cacheWrite1hTokens ?? earlier.cacheWrite1hTokens,
    thinkingTokens: later.thinkingTokens ?? earlier.thinkingTokens,
    webSearches: later.webSearches ?? earlier.webSearches,
    serviceTier: later.serviceTier ?? earlier.serviceTier,
    speed: later.speed ?? earlier.speed,
    inferenceGeo: later.inferenceGeo ?? earlier.inferenceGeo,
    partial: false,
  };
}
