/** Names of all calls from the window. Kept free of schemas so that the preload stays tiny. */
export const CALL_NAMES = [
  'state.get',
  'proxy.setEnabled',
  'accounts.add',
  'accounts.rename',
  'accounts.setPaused',
  'accounts.setAllPaused',
  'accounts.setPriority',
  'accounts.addSetupToken',
  'accounts.setEndpoint',
  'accounts.replaceKey',
  'accounts.checkUsage',
  'accounts.clearCooldown',
  'accounts.tryNow',
  'limits.history',
  'sessions.list',
  'sessions.move',
  'sessions.pin',
  'sessions.release',
  'accounts.remove',
  'signIn.start',
  'signIn.paste',
  'signIn.confirm',
  'signIn.cancel',
  'import.find',
  'import.choose',
  'import.preview',
  'import.run',
  'import.cancel',
  'import.deleteSource',
  'clients.report',
  'clients.preview',
  'clients.apply',
  'clients.restore',
  'clients.fix',
  'clients.test',
  'clientKeys.create',
  'clientKeys.rename',
  'clientKeys.revoke',
  'clientKeys.setExhaustion',
  'clipboard.copy',
  'requests.list',
  'requests.get',
  'requests.totals',
  'requests.hourly',
  'settings.patch',
  'storage.get',
  'vault.unlock',
  'vault.choose',
  'app.openExternal',
  'app.showLogFile',
  'app.quit',
] as const;

/** Name of a call. */
export type CallName = (typeof CALL_NAMES)[number];

/** Names of all push events to the window. */
export const PUSH_NAMES = ['state.changed', 'requests.recorded', 'navigate'] as const;

/** Name of a push event. */
export type PushName = (typeof PUSH_NAMES)[number];

/** Electron channel of a call, derived so that nobody types one by hand. */
export const callChannel = (name: CallName): string => `call:${name}`;

/** Electron channel of a push event. */
export const pushChannel = (name: PushName): string => `push:${name}`;

/** What the preload exposes as `window.ccflare`: raw values; the page parses both ways. */
export type CcflareBridge = {
  call(name: CallName, argument: unknown): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  subscribe(name: PushName, listener: (payload: unknown) => void): () => void;
};
