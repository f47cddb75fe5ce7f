import type { Behaviour } from './behaviour.ts';

/** Which requests a script is for; what is left out matches everything. */
export type ScriptMatch = {
  /** Name of the account whose credential (or refresh token) the request carries. */
  account?: string;
  /** Exact path without query. */
  path?: string;
  /** `model` of the JSON body, exact. */
  model?: string;
  /** How many matching requests; default: all until the script is taken away. */
  times?: number;
  /** Act on the request's head, before its body is read. Cannot be combined with `model`. */
  beforeBody?: boolean;
};

/** What a request looks like to a script. The model is only worked out when a script asks for it. */
export type ScriptSubject = {
  account: string | null;
  path: string;
  beforeBody: boolean;
  model(): string | null;
};

type Script = { match: ScriptMatch; behaviour: Behaviour; left: number };

/** Scripts in the order they were added; the first that matches takes the request. */
export class ScriptList {
  readonly #scripts = new Set<Script>();

  /** Adds a script and returns what takes it away. */
  add(match: ScriptMatch, behaviour: Behaviour): () => void {
    const script = { match, behaviour, left: match.times ?? Number.POSITIVE_INFINITY };
    this.#scripts.add(script);
    return () => void this.#scripts.delete(script);
  }

  /** The behaviour for a request, or null. Counts it off. */
  take(subject: ScriptSubject): Behaviour | null {
    for (const script of this.#scripts) {
      if (!matches(script.match, subject)) continue;
      script.left--;
      if (script.left <= 0) this.#scripts.delete(script);
      return script.behaviour;
    }
    return null;
  }
}

function matches(match: ScriptMatch, subject: ScriptSubject): boolean {
  if ((match.beforeBody ?? false) !== subject.beforeBody) return false;
  if (match.account !== undefined && match.account !== subject.account) return false;
  if (match.path !== undefined && match.path !== subject.path) return false;
  return match.model === undefined || match.model === subject.model();
}
