import type { Random } from './random.ts';

/** One request of the demo's clients. */
export type TrafficRequest = {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** The client hangs up after the first bytes of the answer. */
  leavesEarly: boolean;
};

type Turn = {
  model: string;
  stream: boolean;
  maxTokens: number;
  promptTokens: number;
  headers?: Record<string, string>;
};

/** Main models with their weight in the mix. */
const MAIN_MODELS = [
  'claude-sonnet-5-5',
  'claude-sonnet-5-5',
  'claude-sonnet-5-5',
  'claude-opus-5-5',
  'claude-opus-5-5',
  'claude-fable-5-2',
] as const;

const SMALL_MODEL = 'claude-haiku-5-5';
const AGENT_TYPES = ['Explore', 'Plan', 'general-purpose', 'code-reviewer'] as const;

const TASKS = [
  'Find out why the build is slow.',
  'Add a test for the date parser.',
  'Rename the settings page.',
  'Explain this stack trace, bitte auf Deutsch: „Größe überschritten“.',
  'Review the last commit.',
] as const;

/** Longest history that a request repeats, messages. */
const MAX_HISTORY = 6;

/** A coding session: its prompt grows turn by turn, with helper calls and sub-agents in between. */
export class TrafficSession {
  readonly id: string;
  readonly #random: Random;
  readonly #model: string;
  readonly #turns: number;
  readonly #today: string;
  #turn = 0;
  #promptTokens: number;

  constructor(random: Random, now: number) {
    this.#random = random;
    this.id = uuid(random);
    this.#model = random.pick(MAIN_MODELS);
    this.#turns = random.integer(12, 40);
    this.#promptTokens = random.integer(16_000, 34_000);
    this.#today = new Date(now).toISOString().slice(0, 10);
  }

  get finished(): boolean {
    return this.#turn >= this.#turns;
  }

  /** The next request; the first is the title that clients ask a small model for. */
  next(): TrafficRequest {
    this.#turn++;
    const dice = this.#random.next();
    if (this.#turn === 1) return this.#title();
    if (dice < 0.1) return this.#count();
    return dice < 0.3 ? this.#subAgent() : this.#main();
  }

  #title(): TrafficRequest {
    return this.#message({ model: SMALL_MODEL, stream: false, maxTokens: 32, promptTokens: 900 });
  }

  #main(): TrafficRequest {
    this.#promptTokens += this.#random.integer(400, 3000);
    return this.#message({
      model: this.#model,
      stream: true,
      maxTokens: 32_000,
      promptTokens: this.#promptTokens,
      headers: this.#events(20, 110),
    });
  }

  #subAgent(): TrafficRequest {
    const type = this.#random.pick(AGENT_TYPES);
    const headers = {
      ...this.#events(10, 50),
      'x-claude-code-agent-id': `agent-${this.id.slice(0, 8)}-${type}`,
      'x-claude-code-agent-type': type,
      'x-claude-code-request-class': 'subagent',
    };
    const model = this.#random.pick([SMALL_MODEL, 'claude-sonnet-5-5']);
    return this.#message({
      model,
      stream: true,
      maxTokens: 8000,
      promptTokens: 9000 + this.#turn * 350,
      headers,
    });
  }

  #count(): TrafficRequest {
    const turn = { model: this.#model, stream: false, maxTokens: 1, promptTokens: this.#promptTokens };
    return { ...this.#message(turn), path: '/v1/messages/count_tokens?beta=true' };
  }

  #events(low: number, high: number): Record<string, string> {
    return { 'x-sim-events': String(this.#random.integer(low, high)) };
  }

  #message(turn: Turn): TrafficRequest {
    return {
      path: '/v1/messages?beta=true',
      headers: {
        'x-claude-code-session-id': this.id,
        'x-claude-code-request-class': 'main',
        'x-sim-input-tokens': String(turn.promptTokens),
        ...turn.headers,
      },
      body: JSON.stringify(this.#body(turn)),
      leavesEarly: turn.stream && this.#random.next() < 0.025,
    };
  }

  #body({ model, maxTokens, stream }: Turn): object {
    const text = `You help with a simulated project. Today is ${this.#today}.`;
    return {
      model,
      max_tokens: maxTokens,
      stream,
      system: [{ type: 'text', text, cache_control: { type: 'ephemeral', ttl: '1h' } }],
      metadata: { user_id: JSON.stringify({ device_id: 'demo', account_uuid: '', session_id: this.id }) },
      messages: this.#history(),
    };
  }

  #history(): object[] {
    const shown = Math.min(this.#turn, MAX_HISTORY);
    const messages: object[] = [];
    for (let at = 1; at < shown; at++) {
      messages.push(
        { role: 'user', content: TASKS[at % TASKS.length] },
        { role: 'assistant', content: 'Done.' },
      );
    }
    return [...messages, { role: 'user', content: this.#random.pick(TASKS) }];
  }
}

function uuid(random: Random): string {
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += random.integer(0, 15).toString(16);
    return text;
  };
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
