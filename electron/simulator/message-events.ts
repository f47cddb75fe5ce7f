import type { Effect } from './exchange.ts';
import type { JsonObject } from './json.ts';
import type { MessagePlan, PlannedBlock } from './message-plan.ts';

/** How a stream of frames ends: complete, or with the connection broken off. */
export type StreamEnd = 'complete' | 'cut';

/** One server-sent event in the form the API writes it: name, one data line, blank line. */
function frame(name: string, data: JsonObject): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What `message_start` and `message_delta` carry besides the blocks. */
export type Envelope = { message: JsonObject; finalUsage: JsonObject };

/** The events of a whole message in order (Messages API streaming reference). */
export function* messageEvents(plan: MessagePlan, envelope: Envelope): Generator<string> {
  yield frame('message_start', { type: 'message_start', message: envelope.message });
  for (const [index, block] of plan.blocks.entries()) {
    yield frame('content_block_start', { type: 'content_block_start', index, content_block: opening(block) });
    if (index === 0) yield frame('ping', { type: 'ping' });
    if (index === 0 && plan.unknownEvent)
      yield frame('sim_progress', { type: 'sim_progress', note: 'größer' });
    yield* blockDeltas(block, index);
    yield frame('content_block_stop', { type: 'content_block_stop', index });
  }
  yield frame('message_delta', {
    type: 'message_delta',
    delta: { stop_reason: plan.stopReason, stop_sequence: null },
    usage: envelope.finalUsage,
  });
  yield frame('message_stop', { type: 'message_stop' });
}

function opening(block: PlannedBlock): JsonObject {
  if (block.type === 'text') return { type: 'text', text: '' };
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return { type: 'tool_use', id: block.id, name: block.name, input: {} };
}

const DELTAS = {
  text: ['text_delta', 'text'],
  thinking: ['thinking_delta', 'thinking'],
  tool_use: ['input_json_delta', 'partial_json'],
} as const;

/** Built by hand: benches send many thousands of these per second. */
function* blockDeltas(block: PlannedBlock, index: number): Generator<string> {
  const [type, field] = DELTAS[block.type];
  const before =
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},` +
    `"delta":{"type":"${type}","${field}":`;
  for (const piece of block.pieces()) yield `${before}${JSON.stringify(piece)}}}\n\n`;
  if (block.type === 'thinking') {
    const delta = { type: 'signature_delta', signature: block.signature };
    yield frame('content_block_delta', { type: 'content_block_delta', index, delta });
  }
}

/** The blocks of a plain answer. */
export function plainContent(plan: MessagePlan): JsonObject[] {
  return plan.blocks.map((block) => {
    const all = [...block.pieces()].join('');
    if (block.type === 'text') return { type: 'text', text: all };
    if (block.type === 'thinking') return { type: 'thinking', thinking: all, signature: block.signature };
    return { type: 'tool_use', id: block.id, name: block.name, input: JSON.parse(all) as JsonObject };
  });
}

/** Bends a stream as its script says: an error event in place of the rest, or an early break. */
export function* bentEvents(
  events: Generator<string>,
  effect: Effect,
): Generator<string | Buffer, StreamEnd> {
  const { streamError, cut } = effect;
  let sentBytes = 0;
  let sentEvents = 0;
  for (const event of events) {
    if (streamError && sentEvents >= streamError.afterEvents) {
      yield frame('error', { type: 'error', error: streamError.error });
      return 'complete';
    }
    if (cut?.afterEvents !== undefined && sentEvents >= cut.afterEvents) return 'cut';
    if (cut?.afterBytes !== undefined) {
      const bytes = Buffer.from(event).subarray(0, cut.afterBytes - sentBytes);
      sentBytes += bytes.length;
      yield bytes;
      if (sentBytes >= cut.afterBytes) return 'cut';
    } else yield event;
    sentEvents++;
  }
  return cut ? 'cut' : 'complete';
}
