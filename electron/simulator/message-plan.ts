import { type Exchange, header, numberHeader } from './exchange.ts';
import { type JsonObject, memberOf, numberOf, textOf } from './json.ts';
import type { Random } from './random.ts';
import { randomText } from './random.ts';

/** One content block of an answer, cut into the deltas it streams in. */
export type PlannedBlock =
  | { type: 'text'; pieces(): Iterable<string> }
  | { type: 'thinking'; pieces(): Iterable<string>; signature: string }
  | { type: 'tool_use'; id: string; name: string; pieces(): Iterable<string> };

/** What an answer will say, decided before its first byte. */
export type MessagePlan = {
  blocks: PlannedBlock[];
  stopReason: 'end_turn' | 'max_tokens' | 'tool_use';
  outputTokens: number;
  thinkingTokens: number;
  /** Adds an event type that no client knows. */
  unknownEvent: boolean;
};

/** Each counts as four tokens. Two, three and four byte characters are among them on purpose. */
const PHRASES: readonly string[] = [
  'The change is ready. ',
  'Nothing else depends on it, ',
  'café and naïve pass. ',
  '日本語のテキスト。',
  'Run the tests again 🚀 ',
  'before the next step; ',
  'это проверено и ',
  'the slow path is gone — ',
  'measured, not guessed. ',
  'עברית גם כן ',
  'One file was renamed, ',
  'two were simplified 👩‍💻 ',
];

const TOKENS_PER_PIECE = 4;

/** Plans the answer to a Messages request from its body and the `x-sim-*` headers. */
export function planMessage(exchange: Exchange, body: JsonObject): MessagePlan {
  const kinds = blockKinds(exchange, body);
  const events = numberHeader(exchange, 'x-sim-events');
  const bytes = numberHeader(exchange, 'x-sim-bytes');
  const maxTokens = numberOf(body, 'max_tokens') ?? 1;
  const wanted = events === undefined ? exchange.random.integer(24, 160) : events * TOKENS_PER_PIECE;
  const outputTokens = events === undefined ? Math.min(wanted, maxTokens) : wanted;
  const textEvents = events ?? Math.max(1, Math.ceil(outputTokens / TOKENS_PER_PIECE));
  const streamed = memberOf(body, 'stream') === true;
  const text = textPieces(exchange.random, textEvents, streamed ? bytes : undefined);
  const thinking = kinds.includes('thinking');
  return {
    blocks: kinds.flatMap((kind) => plannedBlock(exchange, body, kind, text)),
    stopReason: stopReason(kinds, outputTokens, maxTokens),
    outputTokens,
    thinkingTokens: thinking ? Math.floor(outputTokens / 3) : 0,
    unknownEvent: kinds.includes('unknown_event'),
  };
}

/** Which blocks to send: told by `x-sim-blocks`, else what the request makes likely. */
function blockKinds(exchange: Exchange, body: JsonObject): string[] {
  const asked = header(exchange, 'x-sim-blocks');
  if (asked !== undefined) return asked.split(',').map((kind) => kind.trim());
  const kinds = ['text'];
  const { thinking, tool_choice: choice } = body;
  if (['enabled', 'adaptive'].includes(textOf(thinking, 'type') ?? '')) kinds.unshift('thinking');
  if (['tool', 'any'].includes(textOf(choice, 'type') ?? '')) kinds.push('tool_use');
  return kinds;
}

function plannedBlock(
  exchange: Exchange,
  body: JsonObject,
  kind: string,
  text: () => Iterable<string>,
): PlannedBlock[] {
  if (kind === 'text') return [{ type: 'text', pieces: endless(exchange) ?? text }];
  if (kind === 'thinking') return [thinkingBlock(exchange.random, body)];
  if (kind === 'tool_use') return [toolBlock(exchange, body)];
  return [];
}

function thinkingBlock(random: Random, body: JsonObject): PlannedBlock {
  const { thinking } = body;
  const omitted = textOf(thinking, 'display') === 'omitted';
  const pieces = omitted ? () => [] : textPieces(random, 3, undefined);
  return { type: 'thinking', pieces, signature: Buffer.from(randomText(random, 96)).toString('base64') };
}

function toolBlock(exchange: Exchange, body: JsonObject): PlannedBlock {
  const { tool_choice: choice, tools } = body;
  const first: unknown = Array.isArray(tools) ? tools[0] : undefined;
  const named = textOf(choice, 'name');
  const listed = textOf(first, 'name') ?? 'read_file';
  const pieces = ['', '{"path": "docs/caf', 'é/READ', 'ME.md", "lines": [1, ', '20]}'];
  return {
    type: 'tool_use',
    id: exchange.world.newId('toolu_'),
    name: named ?? listed,
    pieces: () => pieces,
  };
}

function stopReason(kinds: string[], outputTokens: number, maxTokens: number): MessagePlan['stopReason'] {
  if (kinds.includes('tool_use')) return 'tool_use';
  return outputTokens >= maxTokens ? 'max_tokens' : 'end_turn';
}

/** `count` phrases from a seeded start on, or filler so that all of them together have `bytes` bytes. */
function textPieces(random: Random, count: number, bytes: number | undefined): () => Iterable<string> {
  const start = random.integer(0, PHRASES.length - 1);
  const filler = bytes === undefined ? null : 'x'.repeat(Math.max(1, Math.ceil(bytes / Math.max(1, count))));
  return function* pieces() {
    for (let at = 0; at < count; at++) yield filler ?? phrase(start + at);
  };
}

function endless(exchange: Exchange): (() => Iterable<string>) | null {
  if (exchange.effect.endlessIntervalMs === undefined) return null;
  return function* pieces() {
    for (let at = 0; ; at++) yield phrase(at);
  };
}

const phrase = (at: number): string => PHRASES[at % PHRASES.length] ?? '';
