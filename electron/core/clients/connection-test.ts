import { z } from 'zod';
import type { ConnectionTest } from '../../../shared/clients.ts';
import { redact } from '../../../shared/redact.ts';
import type { Clock } from '../clock.ts';
import { type Answer, ask, type Question } from './probe.ts';

/** Longest time one step may take, ms. */
const STEP_MS = 10_000;

/** Longest words of an answer that are shown, characters. */
const MAX_WORDS = 300;

/** Asked about when the list of models says nothing; counting its tokens is free. */
const COMMON_MODEL = 'claude-haiku-4-5';

const errorSchema = z.object({ error: z.object({ type: z.string(), message: z.string() }) });
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string().max(200) })).min(1) });

/** What the test needs. */
export type ConnectionTestDeps = {
  readonly port: () => number | null;
  /** @throws AppError `vault_locked` */
  readonly key: () => string;
  readonly clock: Clock;
  /** Whether Claude Code comes here, or null when that is not wanted. @throws Error in words */
  readonly claudeCode: () => Promise<{ ok: boolean; detail: string } | null>;
};

/** A step that succeeded says what was seen. It fails by throwing; the message says what to do. */
type Step = { readonly name: string; readonly run: () => string | Promise<string> };

/** Follows the way of a real request and stops at the first step that fails. Never throws. */
export async function testConnection(deps: ConnectionTestDeps): Promise<ConnectionTest> {
  const steps = await stepsOf(deps);
  const results: ConnectionTest['steps'] = [];
  let failed = false;
  for (const { name, run } of steps) {
    if (failed) {
      results.push({ name, outcome: 'not-reached', detail: 'An earlier step failed.', durationMs: null });
      continue;
    }
    const start = deps.clock.monotonic();
    const result = await Promise.resolve()
      .then(run)
      .then(
        (detail) => ({ outcome: 'ok' as const, detail }),
        (error: unknown) => ({ outcome: 'failed' as const, detail: wordsOf(error) }),
      );
    failed = result.outcome === 'failed';
    results.push({ name, ...result, durationMs: Math.round(deps.clock.monotonic() - start) });
  }
  return { ok: !failed, steps: results };
}

async function stepsOf(deps: ConnectionTestDeps): Promise<Step[]> {
  let model = COMMON_MODEL;
  const send = (question: Question): Promise<Answer> =>
    reached(ask(portOf(deps), question, deps.clock, STEP_MS));
  const keyed = (path: string): string => `/k/${deps.key()}${path}`;
  const steps: Step[] = [
    { name: 'The proxy is switched on', run: () => `It listens on 127.0.0.1:${portOf(deps)}.` },
    { name: 'It answers', run: async () => healthy(await send({ method: 'GET', path: '/health' })) },
    {
      name: 'It accepts the key',
      run: async () => {
        const answer = await send({ method: 'GET', path: keyed('/v1/models') });
        model = firstModel(answer) ?? model;
        return accepted(answer);
      },
    },
    {
      name: 'An account answers',
      run: async () => {
        const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] });
        return counted(await send({ method: 'POST', path: keyed('/v1/messages/count_tokens'), body }));
      },
    },
  ];
  // Undefined: the settings cannot be read, which the step then explains.
  const wanted = await deps.claudeCode().catch(() => undefined);
  return wanted === null ? steps : [...steps, { name: 'Claude Code comes here', run: () => coming(deps) }];
}

function firstModel({ status, body }: Answer): string | null {
  const listed = modelsSchema.safeParse(jsonOf(body));
  return status === 200 && listed.success ? (listed.data.data[0]?.id ?? null) : null;
}

async function coming({ claudeCode }: ConnectionTestDeps): Promise<string> {
  const found = await claudeCode();
  if (found?.ok === false) throw new Error(found.detail);
  return found?.detail ?? '';
}

function portOf({ port }: ConnectionTestDeps): number {
  const number = port();
  if (number === null) throw new Error('The proxy is off. Switch it on here or in the tray.');
  return number;
}

/** Failures to get any answer, with what to do. */
async function reached(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw new Error(
      `${wordsOf(error)} Switch the proxy off and on again; a firewall or security program may stand in the way.`,
    );
  }
}

function healthy({ status, body }: Answer): string {
  if (status === 200 && body.includes('"ok"')) return 'GET /health was answered.';
  throw new Error(
    `Something answers on this port, but not as this app does (HTTP ${status}). Choose another port in the settings.`,
  );
}

/** Only 401 is about the key; anything else comes from further on and is the next step's business. */
function accepted({ status, body }: Answer): string {
  if (status !== 401) return 'The client key opens the proxy.';
  const words = errorIn(body)?.message ?? 'It gave no reason.';
  throw new Error(`The proxy refused the key: ${words} Set Claude Code up again to give it a valid one.`);
}

function counted({ status, body }: Answer): string {
  if (status === 200) return 'The provider counted the tokens of a short text, which is free.';
  if (status === 404 || status === 405)
    return `The provider answered, but does not count tokens (HTTP ${status}).`;
  const error = errorIn(body);
  const words = error === null ? `HTTP ${status}.` : `${error.message} (HTTP ${status})`;
  throw new Error(`No account could serve the request: ${words} Look at the accounts page for the reason.`);
}

function errorIn(body: string): { message: string } | null {
  const parsed = errorSchema.safeParse(jsonOf(body));
  return parsed.success ? { message: redact(parsed.data.error.message).slice(0, MAX_WORDS) } : null;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? redact(error.message) : 'It failed for an unknown reason.';
}
