import type { Finding } from '../../../../shared/clients.ts';

/** A command that the user can copy, with what it does. */
export type Remedy = NonNullable<Finding['remedy']>;

/** Where a variable is set. */
export type Place = {
  /** `session`: the environment in which this app was started. */
  readonly kind: 'managed' | 'project' | 'user' | 'shell' | 'session';
  /** Words for people, such as `~/.zshrc, line 12`. */
  readonly label: string;
};

/** A change that a finding offers. */
export type Fix =
  /** Takes out of a JSON settings file what plain JSON does not allow. */
  | { readonly kind: 'make-plain'; readonly file: string }
  /** Takes a value out of a JSON settings file. */
  | { readonly kind: 'take-out'; readonly file: string; readonly path: readonly string[] }
  /** Sets a value in a JSON settings file. */
  | { readonly kind: 'set'; readonly file: string; readonly path: readonly string[]; readonly value: string }
  /** Switches a line of a shell profile off (`line` as it stands there). */
  | { readonly kind: 'line-off'; readonly file: string; readonly number: number; readonly line: string }
  /** Switches such a line on again. */
  | { readonly kind: 'line-on'; readonly file: string; readonly number: number; readonly line: string }
  /** Takes back a change of a JSON settings file. */
  | { readonly kind: 'take-back'; readonly id: string };

/** One variable (or settings key) that decides what Claude Code does. Internal: values may be secrets. */
export type Fact = {
  readonly name: string;
  /** Null when a shell computes it. */
  readonly value: string | null;
  readonly place: Place;
  /** How it could be taken away; null when only its owner can. */
  readonly away: Fix | null;
  /** How its owner could, where that takes a command. */
  readonly remedy?: Remedy;
};

/** A settings file that could not be read. */
export type Unread = { readonly label: string; readonly reason: string };

/** A line that was switched off by a fix. */
export type OffLine = { readonly name: string; readonly label: string; readonly on: Fix };

/**
 * Switches that send Claude Code to a cloud provider, whatever the address says. In the order in which it asks for
 * them (seen in 2.1.330, which the end-to-end tests run).
 */
export const CLOUDS: Readonly<Record<string, string>> = {
  CLAUDE_CODE_USE_BEDROCK: 'Amazon Bedrock',
  CLAUDE_CODE_USE_FOUNDRY: 'Microsoft Foundry',
  CLAUDE_CODE_USE_ANTHROPIC_AWS: 'the Claude Platform on AWS',
  CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD: 'the Claude Platform on Google Cloud',
  CLAUDE_CODE_USE_MANTLE: 'Amazon Bedrock (Mantle)',
  CLAUDE_CODE_USE_VERTEX: 'Google Vertex AI',
};

/** Variable that names a socket for all requests. Claude Code takes it from its environment only, not from settings. */
export const SOCKET = 'ANTHROPIC_UNIX_SOCKET';

/** Key of a settings file that names a command printing a credential. */
export const KEY_COMMAND = 'apiKeyHelper';

/** What Claude Code authenticates with, strongest first (Claude Code documentation, authentication precedence). */
export const CREDENTIALS = [
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_API_KEY',
  KEY_COMMAND,
  'CLAUDE_CODE_OAUTH_TOKEN',
] as const;

/** Variables that send requests through another proxy, plain HTTP ones too. */
export const PROXIES = [
  'https_proxy',
  'HTTPS_PROXY',
  'http_proxy',
  'HTTP_PROXY',
  'all_proxy',
  'ALL_PROXY',
] as const;

/** Variables that name hosts which are reached without it. An entry in either counts. */
export const EXCEPTIONS = ['NO_PROXY', 'no_proxy'] as const;

/** Variable that moves Claude Code's settings. */
export const CONFIG_FOLDER = 'CLAUDE_CONFIG_DIR';

/** Variable that names the address. */
const ADDRESS = 'ANTHROPIC_BASE_URL';

/** All variables that are looked for. */
export const WATCHED: ReadonlySet<string> = new Set([
  ADDRESS,
  ...CREDENTIALS.filter((name) => name !== KEY_COMMAND),
  ...Object.keys(CLOUDS),
  SOCKET,
  ...PROXIES,
  ...EXCEPTIONS,
  CONFIG_FOLDER,
]);

/** Settings beat shells, and an organisation's settings beat all; projects differ and are told apart. */
const RANK: Readonly<Record<Place['kind'], number>> = {
  managed: 0,
  user: 1,
  shell: 2,
  session: 3,
  project: 9,
};

/** The fact that counts outside of projects; null when there is none or it is empty, which switches it off. */
export function winner(facts: readonly Fact[], name: string): Fact | null {
  const [first] = facts
    .filter((fact) => fact.name === name && fact.place.kind !== 'project')
    .sort((a, b) => RANK[a.place.kind] - RANK[b.place.kind]);
  return first === undefined || first.value === '' ? null : first;
}

/** Whether a switch is on: for Claude Code nothing else is. */
export function isOn(fact: Fact): boolean {
  return ['1', 'true', 'yes', 'on'].includes((fact.value ?? '1').trim().toLowerCase());
}
