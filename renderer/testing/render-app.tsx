import type { QueryClient } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createQueryClient } from '../api/query-client.ts';
import { App } from '../app/app.tsx';
import { createFakeBridge, type FakeBridge, type FakeOptions } from './fake-bridge.ts';
import { makeState } from './fixtures.ts';
import { makeRows } from './request-fixtures.ts';

/** Puts a fake main process where the preload would. */
export function installBridge(bridge: FakeBridge): FakeBridge {
  Object.defineProperty(window, 'ccflare', { configurable: true, value: bridge });
  return bridge;
}

export type RenderedApp = {
  bridge: FakeBridge;
  client: QueryClient;
  user: ReturnType<typeof userEvent.setup>;
  container: HTMLElement;
};

/** The whole dashboard at an address, in front of a fake main process. */
export function renderApp(hash: string, options: Partial<FakeOptions> = {}): RenderedApp {
  window.location.hash = hash;
  const bridge = installBridge(createFakeBridge({ state: makeState(), rows: makeRows(150), ...options }));
  const client = createQueryClient();
  const { container } = render(<App client={client} />);
  return { bridge, client, user: userEvent.setup(), container };
}

/** An answer that never comes, to look at loading states. */
export const never = (): Promise<never> => new Promise(() => undefined);
