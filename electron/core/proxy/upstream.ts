import { buildConnector, type Dispatcher, Pool } from 'undici';
import type { Settings } from '../../../shared/settings.ts';
import type { Logger } from '../ports.ts';
import { tunnelThrough } from './proxy-tunnel.ts';
import { trustedCertificates } from './trusted-certificates.ts';

/** Connections per origin; each carries one request at a time, and the listener's own bound is near this. */
const CONNECTIONS = 1024;

/** Idle time after which a pooled connection is closed, ms, unless the server's `keep-alive` says less. */
const KEEP_ALIVE_MS = 30_000;

/** Largest response head accepted from upstream, bytes. */
const MAX_RESPONSE_HEAD = 64 * 1024;

type UpstreamSettings = Pick<
  Settings,
  'connectTimeoutMs' | 'responseHeadTimeoutMs' | 'responseIdleTimeoutMs'
>;

/** The pooled HTTP/1.1 client: one request per connection at a time, nothing followed, nothing decoded. */
export type Upstream = {
  /** The handler hears of everything, failures to dispatch included. */
  dispatch(
    origin: string,
    request: Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'>,
    handler: Dispatcher.DispatchHandler,
  ): void;
  /**
   * True while a request is being written to a connection that was just opened. Read in `onRequestStart`: a
   * request that starts otherwise is on a connection used before, which the server may have closed meanwhile.
   */
  readonly opening: boolean;
  /** New requests get new connections; running ones finish on theirs. */
  dropPooled(): void;
};

/** See {@link Upstream}. `systemProxy` answers the proxy for an origin, as an http(s) address, or null. */
export function createUpstream(deps: {
  settings: () => UpstreamSettings;
  systemProxy: (origin: string) => string | null;
  log: Logger;
}): Upstream {
  const pools = new Map<string, Pool>();
  let opening = false;

  /** Marks the moment in which undici writes the first request on a new connection (it does so synchronously). */
  const marked =
    (connect: buildConnector.connector): buildConnector.connector =>
    (options, callback) =>
      connect(options, (...result) => {
        opening = true;
        try {
          callback(...result);
        } finally {
          opening = false;
        }
      });

  function open(origin: string): Pool {
    const timeout = deps.settings().connectTimeoutMs;
    const secure = origin.startsWith('https:');
    const direct = buildConnector({ timeout, ...(secure ? trustedCertificates() : {}) });
    const proxy = secure ? deps.systemProxy(origin) : null;
    const connect = proxy === null ? direct : tunnelThrough(proxy, direct, timeout);
    deps.log.debug('upstream_pool_opened', { origin, viaProxy: proxy !== null });
    return new Pool(origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_RESPONSE_HEAD,
      connect: marked(connect),
    });
  }

  return {
    get opening() {
      return opening;
    },
    dispatch(origin, request, handler) {
      let pool = pools.get(origin);
      if (pool === undefined) {
        pool = open(origin);
        pools.set(origin, pool);
      }
      const { responseHeadTimeoutMs, responseIdleTimeoutMs } = deps.settings();
      pool.dispatch(
        {
          ...request,
          headersTimeout: responseHeadTimeoutMs,
          bodyTimeout: responseIdleTimeoutMs,
        },
        handler,
      );
    },
    dropPooled() {
      for (const pool of pools.values()) void pool.close().catch(() => undefined);
      pools.clear();
    },
  };
}
