import type { HeaderLookup } from '../limit-ports.ts';
import { decoded } from './body-facts.ts';
import { TopLevelScanner } from './json-scan.ts';
import { type Route, resourceInPath } from './request-target.ts';

/** Answers to calls that create something are small; beyond this they are not looked into, bytes. */
const MAX_ANSWER = 256 * 1024;

/** Betas under which a Messages answer can name a container (Claude API, code execution and skills). */
const CONTAINER_BETAS = /code-execution|skills/;

/** As an id is written in the `container` of a Messages answer or of its last stream events. */
const CONTAINER_ID = /"container"\s*:\s*\{\s*"id"\s*:\s*"([\w-]{1,128})"/;

/** Betas under which the provider keeps a thread that later requests continue by `previous_message_id`. */
const THREAD_BETAS = /thread/;

/** The id of a message, in an answer or in the first event of a stream. */
const MESSAGE_ID = /"id"\s*:\s*"(msg_[\w-]{1,120})"/;

/** Longest text the beginning and id of either take, bytes; kept between two chunks. */
const CARRY = 200;

/** Betas under which a request can name files. */
const FILE_BETAS = /files-api/;

/** Whether a request with these betas may name something that one account holds. */
export function mayNameResources(beta: string): boolean {
  return FILE_BETAS.test(beta) || CONTAINER_BETAS.test(beta) || THREAD_BETAS.test(beta);
}

const FILE_KEY = Buffer.from('"file_id"');
const FILE_ID = /^\s{0,20}:\s{0,20}"([\w-]{1,128})"/;

/** Different files of one body that are looked for; one with more is mostly about the first. */
const MAX_FILES = 64;

/** Reads the ids of files out of a body that passes. A backslash before a quote tells words from keys. */
export class FileIds {
  readonly #found = new Set<string>();
  #carry: Buffer | null = null;

  /** The ids found so far, in their order. */
  get found(): Iterable<string> {
    return this.#found;
  }

  write(chunk: Buffer): void {
    if (this.#found.size >= MAX_FILES) return;
    const bytes = this.#carry === null ? chunk : Buffer.concat([this.#carry, chunk]);
    let at = bytes.indexOf(FILE_KEY);
    while (at !== -1 && this.#found.size < MAX_FILES) {
      const from = at + FILE_KEY.length;
      const id = FILE_ID.exec(bytes.toString('latin1', from, from + CARRY))?.[1];
      if (id !== undefined) this.#found.add(id);
      at = bytes.indexOf(FILE_KEY, from);
    }
    this.#carry = Buffer.from(bytes.subarray(-CARRY));
  }
}

/** Reads ids of new resources out of an answer that passes, so that later requests go to the same account. */
export type ResourceIdReader = {
  write(chunk: Buffer): void;
  /** The ids found once the answer is complete. */
  end(): readonly string[];
};

/** The reader that fits a request and its answer, or null where nothing can be created. */
export function resourceIdReader(
  request: { method: string; path: string; route: Route; beta: string | undefined },
  status: number,
  headers: HeaderLookup,
): ResourceIdReader | null {
  if (request.method !== 'POST' || status >= 300) return null;
  const encoding = headers.get('content-encoding');
  if (request.route === 'upload') {
    const json = headers.get('content-type')?.startsWith('application/json') === true;
    return json && resourceInPath(request.path) === null ? createdId(encoding) : null;
  }
  if (request.route !== 'messages' || encoding !== undefined) return null;
  const beta = request.beta ?? '';
  const runsCode = CONTAINER_BETAS.test(beta);
  const patterns = [...(runsCode ? [CONTAINER_ID] : []), ...(THREAD_BETAS.test(beta) ? [MESSAGE_ID] : [])];
  return patterns.length === 0 ? null : idsInText(patterns, runsCode ? new FileIds() : null);
}

/** Top-level `id` of a JSON answer. */
function createdId(encoding: string | undefined): ResourceIdReader {
  let chunks: Buffer[] = [];
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      if (size <= MAX_ANSWER) chunks.push(Buffer.from(chunk));
      else chunks = [];
    },
    end() {
      if (size > MAX_ANSWER) return [];
      const raw = Buffer.concat(chunks);
      const plain = encoding === undefined ? raw : decoded(raw, encoding, MAX_ANSWER);
      if (plain === null) return [];
      const scanner = new TopLevelScanner(['id']);
      scanner.write(plain);
      const id = scanner.value('id');
      return typeof id === 'string' && id.length <= 128 ? [id] : [];
    },
  };
}

/** The first id that each pattern finds, and all files that code has made. */
function idsInText(patterns: readonly RegExp[], files: FileIds | null): ResourceIdReader {
  let carry = '';
  let open = patterns;
  const found: string[] = [];
  return {
    write(chunk) {
      files?.write(chunk);
      if (open.length === 0) return;
      const text = carry + chunk.toString('latin1');
      open = open.filter((pattern) => {
        const id = pattern.exec(text)?.[1];
        if (id !== undefined) found.push(id);
        return id === undefined;
      });
      carry = text.slice(-CARRY);
    },
    end: () => [...found, ...(files?.found ?? [])],
  };
}
