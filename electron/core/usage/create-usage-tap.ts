import type { CreateUsageTap, UsageTap } from '../usage-ports.ts';
import { type Coding, DecodingTap } from './decoding-tap.ts';
import { JsonTap } from './json-tap.ts';
import { SseTap } from './sse-tap.ts';

const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['br', 'br'],
  ['deflate', 'deflate'],
]);

/** The tap for an answer, or null when its type or coding is none that usage can be read from. */
export const createUsageTap: CreateUsageTap = (contentType, contentEncoding) => {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  const inner = type === undefined ? null : tapFor(type);
  const coding = contentEncoding?.trim().toLowerCase() ?? '';
  if (inner === null || coding === '' || coding === 'identity') return inner;
  const known = CODINGS.get(coding);
  return known === undefined ? null : new DecodingTap(known, inner);
};

function tapFor(type: string): UsageTap | null {
  if (type === 'text/event-stream') return new SseTap();
  return type === 'application/json' ? new JsonTap() : null;
}
