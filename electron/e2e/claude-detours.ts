import { KEY } from '../core/clients/testing.ts';

/** What may lead Claude Code elsewhere, and whether it comes all the same. */
export type Case = {
  name: string;
  comes: boolean;
  /** Environment of the client, which is also that of the app. */
  env?: Record<string, string>;
  /** Further variables in its settings file. */
  settings?: Record<string, unknown>;
  /** Variables by file in the folder of an organisation. */
  managed?: Record<string, Record<string, unknown>>;
  /** Done to the text of the settings file at the end. */
  edit?: (text: string) => string;
};

/** In what follows, stand for the address of the other proxy, for our port and for a socket. */
export const [PROXY, PORT, SOCKET] = ['@proxy@', '@port@', '@socket@'];

/** Whatever is not on this computer goes to the other proxy, so that no case ever reaches a real provider. */
const FENCED = { HTTPS_PROXY: PROXY, NO_PROXY: '127.0.0.1' };
/** A login that nobody has, and one try only. */
export const NOBODY = { ANTHROPIC_API_KEY: 'sk-ant-api03-of-no-account', CLAUDE_CODE_MAX_RETRIES: '0' };
const AWS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

const exception = (list: string, comes: boolean): Case => ({
  name: `a proxy with the exceptions "${list}"`,
  comes,
  env: { HTTPS_PROXY: PROXY, NO_PROXY: list },
});

const cloud = (name: string, value: string, comes: boolean): Case => ({
  name: `${name}="${value}"`,
  comes,
  env: { ...FENCED, ...AWS, [name]: value },
});

/** With settings, variables and files of the user. */
export const CASES: Case[] = [
  { name: 'nothing else', comes: true, env: FENCED },
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy', 'ALL_PROXY', 'all_proxy'].map((name) => ({
    name,
    comes: false,
    env: { [name]: PROXY },
  })),
  { name: 'ALL_PROXY that speaks SOCKS', comes: true, env: { ALL_PROXY: 'socks5h://127.0.0.1:9' } },
  { name: 'a proxy in the settings', comes: false, settings: { HTTPS_PROXY: PROXY } },
  {
    name: 'a proxy that the settings switch off',
    comes: true,
    env: { HTTPS_PROXY: PROXY },
    settings: { HTTPS_PROXY: '' },
  },
  {
    name: 'a proxy excepted in the settings',
    comes: true,
    env: { ALL_PROXY: PROXY },
    settings: { NO_PROXY: '127.0.0.1' },
  },
  {
    name: 'two lists of exceptions',
    comes: true,
    env: { HTTPS_PROXY: PROXY, NO_PROXY: 'corp.example', no_proxy: '127.0.0.1' },
  },
  exception('*', true),
  exception('corp.example, 127.0.0.1', true),
  exception('corp.example 127.0.0.1', true),
  exception('127.0.0.0/8', true),
  exception('127.0.0.0/16', true),
  exception(`127.0.0.1:${PORT}`, true),
  exception('127.0.0.1:1', false),
  exception('127.*', false),
  exception('localhost', false),
  exception('10.0.0.0/8', false),
  exception('corp.example;127.0.0.1', false),
  cloud('CLAUDE_CODE_USE_BEDROCK', 'on', false),
  cloud('CLAUDE_CODE_USE_BEDROCK', '2', true),
  cloud('CLAUDE_CODE_USE_BEDROCK', 'no', true),
  cloud('CLAUDE_CODE_USE_VERTEX', '1', false),
  cloud('CLAUDE_CODE_USE_FOUNDRY', '1', false),
  cloud('CLAUDE_CODE_USE_MANTLE', 'true', false),
  cloud('CLAUDE_CODE_USE_ANTHROPIC_AWS', '1', false),
  cloud('CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD', '1', false),
  {
    name: 'a cloud that the settings switch off',
    comes: true,
    env: { ...FENCED, ...AWS, CLAUDE_CODE_USE_BEDROCK: '1' },
    settings: { CLAUDE_CODE_USE_BEDROCK: '0' },
  },
  { name: 'a socket', comes: false, env: { ...FENCED, ANTHROPIC_UNIX_SOCKET: SOCKET } },
  { name: 'a socket in the settings', comes: true, env: FENCED, settings: { ANTHROPIC_UNIX_SOCKET: SOCKET } },
  { name: 'another address in the environment', comes: true, env: { ...FENCED, ANTHROPIC_BASE_URL: PROXY } },
  { name: 'a comment in the settings', comes: false, env: FENCED, edit: (text) => `// mine\n${text}` },
  {
    name: 'a mark at the beginning of the settings',
    comes: true,
    env: FENCED,
    edit: (text) => `\uFEFF${text}`,
  },
];

/** With settings of an organisation. */
export const MANAGED: Case[] = [
  {
    name: 'another address',
    comes: false,
    managed: { 'managed-settings.json': { ANTHROPIC_BASE_URL: PROXY } },
  },
  {
    name: 'another address in a part',
    comes: false,
    managed: { 'managed-settings.d/10-gateway.json': { ANTHROPIC_BASE_URL: PROXY } },
  },
  {
    name: 'a part that another one overrides',
    comes: true,
    managed: {
      'managed-settings.json': { ANTHROPIC_BASE_URL: PROXY },
      'managed-settings.d/10-a.json': { ANTHROPIC_BASE_URL: PROXY },
      'managed-settings.d/20-b.json': { ANTHROPIC_BASE_URL: `http://127.0.0.1:${PORT}/k/${KEY}` },
    },
  },
  {
    name: 'a file that is no part',
    comes: true,
    managed: { 'managed-settings.d/gateway.json.old': { ANTHROPIC_BASE_URL: PROXY } },
  },
  { name: 'a proxy', comes: false, managed: { 'managed-settings.json': { HTTPS_PROXY: PROXY } } },
  {
    name: 'a proxy that the user excepts',
    comes: true,
    managed: { 'managed-settings.json': { HTTPS_PROXY: PROXY } },
    settings: { NO_PROXY: '127.0.0.1' },
  },
  {
    name: 'a proxy and its exceptions, which win over those of the user',
    comes: false,
    managed: { 'managed-settings.json': { HTTPS_PROXY: PROXY, NO_PROXY: 'corp.example' } },
    settings: { NO_PROXY: '127.0.0.1' },
  },
  {
    name: 'a cloud',
    comes: false,
    managed: { 'managed-settings.json': { ...FENCED, ...AWS, CLAUDE_CODE_USE_BEDROCK: '1' } },
  },
];
