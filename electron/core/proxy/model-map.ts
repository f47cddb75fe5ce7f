import type { ModelMap } from '../../../shared/account.ts';
import { type Span, TopLevelScanner } from './json-scan.ts';
import type { RequestBody } from './request-body.ts';

/** Whether a request's body names a model at its top level, and whether that can be read and replaced. */
export type ModelPlace = 'plain' | 'encoded' | 'none';

/** A body with another model name: the client's own bytes around it, in pieces. */
export type RenamedBody = { readonly pieces: readonly Buffer[]; readonly size: number };

type Named = { readonly model: string | null; readonly modelPlace: ModelPlace; readonly body: RequestBody };

const WANTED = ['model'];

/** Why an account with names of its own cannot serve some requests. */
export const CANNOT_RENAME =
  'its model names can be replaced only in a plain body that fits into the replay buffer';

/** Whether an account has names to replace; nearly none has. Allocates nothing, it is asked for every try. */
export function hasNames(map: ModelMap): boolean {
  for (const name in map) if (Object.hasOwn(map, name)) return true;
  return false;
}

/** What it takes before {@link renamedBody} can answer for this request. */
export function renamingNeeds(map: ModelMap, request: Named): 'nothing' | 'whole-body' | 'what-cannot-be' {
  if (!mayName(map, request)) return 'nothing';
  if (request.modelPlace === 'encoded') return 'what-cannot-be';
  if (request.body.all() !== null) return 'nothing';
  return request.body.kept && !request.body.complete ? 'whole-body' : 'what-cannot-be';
}

/**
 * The body as an account with these names is to get it, or null when it gets the client's own. Only the bytes of the
 * top-level `model` string are others; of a name that occurs twice, those of the last, which is the one that counts.
 */
export function renamedBody(map: ModelMap, request: Named): RenamedBody | null {
  const chunks = mayName(map, request) && request.modelPlace === 'plain' ? request.body.all() : null;
  if (chunks === null) return null;
  const scanner = new TopLevelScanner(WANTED, true);
  for (const chunk of chunks) scanner.write(chunk);
  const asked = scanner.value('model');
  const span = scanner.span('model');
  const name = typeof asked === 'string' ? replacement(map, asked) : undefined;
  if (name === undefined || span === null) return null;
  const bytes = Buffer.from(JSON.stringify(name));
  return {
    pieces: spliced(chunks, span, bytes),
    size: request.body.size - (span.end - span.start) + bytes.length,
  };
}

/** False when it is certain that nothing is to be replaced. A large body may not have told its model yet. */
function mayName(map: ModelMap, { model, modelPlace }: Named): boolean {
  return modelPlace !== 'none' && (model === null || replacement(map, model) !== undefined);
}

function replacement(map: ModelMap, model: string): string | undefined {
  return Object.hasOwn(map, model) ? map[model] : undefined;
}

/** The name under which an account gets a model; the client's own where it has none of its own for it. */
export function nameAt(map: ModelMap, model: string | null): string | null {
  return model === null ? null : (replacement(map, model) ?? model);
}

function spliced(chunks: readonly Buffer[], { start, end }: Span, bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const chunk of chunks) {
    const to = from + chunk.length;
    if (from < start) pieces.push(chunk.subarray(0, Math.min(start, to) - from));
    if (from <= start && start < to) pieces.push(bytes);
    if (to > end) pieces.push(chunk.subarray(Math.max(0, end - from)));
    from = to;
  }
  return pieces;
}
