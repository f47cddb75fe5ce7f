import Anthropic from '@anthropic-ai/sdk';
import { type Simulator, type SimulatorAccount, startSimulator } from '../simulator/simulator.ts';

/** The key that the tests' clients present. */
export const CLIENT_KEY = 'e2e-client-key-0123456789abcdef';

/** Two API-key accounts and one subscription, with secrets that must never be found anywhere in clear. */
export const ACCOUNTS: SimulatorAccount[] = [
  { name: 'work', kind: 'api-key', secret: 'sk-ant-api03-work-SECRET-aaaaaaaa', organizationId: 'org-work' },
  { name: 'home', kind: 'api-key', secret: 'sk-ant-api03-home-SECRET-bbbbbbbb', organizationId: 'org-home' },
  {
    name: 'max',
    kind: 'oauth',
    secret: 'sk-ant-oat01-max-SECRET-cccccccc',
    refreshToken: 'sk-ant-ort01-max-SECRET-dddddddd',
    organizationId: 'org-max',
  },
];

/** A simulator with those accounts. */
export function startUpstream(): Promise<Simulator> {
  return startSimulator({ accounts: ACCOUNTS.map((account) => ({ ...account })) });
}

/** A provision file for them. */
export function provisionFor(upstream: Simulator): unknown {
  return {
    settings: { onboarding: 'skipped' },
    clientKeys: [{ name: 'e2e', key: CLIENT_KEY }],
    accounts: ACCOUNTS.map((account, priority) =>
      account.kind === 'api-key'
        ? { name: account.name, kind: 'api-key', apiKey: account.secret, baseUrl: upstream.url, priority }
        : {
            name: account.name,
            kind: 'oauth',
            accessToken: account.secret,
            refreshToken: account.refreshToken,
            expiresAt: Date.now() + 8 * 3_600_000,
            baseUrl: upstream.url,
            tokenUrl: `${upstream.url}/v1/oauth/token`,
            priority,
          },
    ),
  };
}

/** The official SDK, pointed at the proxy as the guide says. */
export function sdk(url: string, key = CLIENT_KEY): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
}

/** One request; every second one is streamed. Answers the text. */
export async function ask(client: Anthropic, n: number, session = `session-${n % 5}`): Promise<string> {
  const request = {
    model: 'claude-sonnet-5-5',
    max_tokens: 40,
    messages: [{ role: 'user' as const, content: `Question ${n}` }],
  };
  const options = { headers: { 'x-claude-code-session-id': session } };
  const message =
    n % 2 === 0
      ? await client.messages.create(request, options)
      : await client.messages.stream(request, options).finalMessage();
  return message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
}

/** What must never be found in clear in a file, a log line or a message. */
export const SECRETS: string[] = [
  ...ACCOUNTS.flatMap(({ secret, refreshToken }) => (refreshToken ? [secret, refreshToken] : [secret])),
  CLIENT_KEY,
];
