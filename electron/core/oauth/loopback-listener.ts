import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { AppError } from '../errors.ts';
import { type Page, sendPage } from './loopback-page.ts';

/** The one path; the provider has it registered for `localhost` with any port. */
const PATH = '/callback';

/** Ports tried before it is given up: on each, both loopback addresses must be free. */
const TRIES = 5;

/** A browser needs a few connections; nobody honest needs more. */
const LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 10_000 };
const MAX_CONNECTIONS = 16;

/** A listener that waits for one redirect. */
export type LoopbackListener = {
  /** `http://localhost:PORT/callback`. */
  readonly redirectUri: string;
  close(): void;
};

/**
 * Listens on a free port of 127.0.0.1, and of ::1 where this computer has it, since browsers may take `localhost`
 * for either. The first request that fits is handed to `onRedirect` as a whole address and the listener closes;
 * its answer, true when the redirect was believed, decides which page the browser gets.
 * @throws AppError `conflict` when there is no port to listen on.
 */
export async function openLoopbackListener(onRedirect: (url: string) => boolean): Promise<LoopbackListener> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const servers = await listen();
    if (servers !== null) return serve(servers, onRedirect);
  }
  throw new AppError(
    'conflict',
    'The browser cannot come back to this app: no local port is free. Sign in with the window of the app instead.',
  );
}

/** The server on 127.0.0.1, and the one on ::1 where there is one. */
type Listening = readonly [Server, ...Server[]];

/** Null when one of the two addresses is somebody else's: the browser might bring the code there. */
async function listen(): Promise<Listening | null> {
  const first = createServer(LIMITS);
  if ((await bound(first, '127.0.0.1', 0)) !== 'bound') return null;
  const second = createServer(LIMITS);
  const outcome = await bound(second, '::1', portOf(first));
  if (outcome === 'bound') return [first, second];
  if (outcome === 'no-such-address') return [first];
  first.close();
  return null;
}

function bound(server: Server, host: string, port: number): Promise<'bound' | 'taken' | 'no-such-address'> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(error.code ?? '') ? 'no-such-address' : 'taken',
      ),
    );
    server.listen({ host, port, exclusive: true }, () => resolve('bound'));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function serve(servers: Listening, onRedirect: (url: string) => boolean): LoopbackListener {
  const port = portOf(servers[0]);
  let used = false;
  const stopListening = (): void => {
    used = true;
    for (const server of servers) server.close();
  };
  const close = (): void => {
    stopListening();
    for (const server of servers) server.closeAllConnections();
  };
  const answer: RequestListener = (req, res) => {
    const wrong = used ? 'over' : whatIsWrong(req, port);
    if (wrong !== null) return sendPage(res, wrong);
    stopListening();
    res.once('close', close);
    sendPage(res, onRedirect(`http://localhost:${port}${req.url ?? ''}`) ? 'done' : 'refused');
  };
  for (const server of servers) {
    server.maxConnections = MAX_CONNECTIONS;
    server.on('request', answer);
    server.on('error', () => undefined);
  }
  return { redirectUri: `http://localhost:${port}${PATH}`, close };
}

/** Requests of other pages in the browser (images, scripts, forms) are told from the person's own navigation. */
function whatIsWrong({ method, url = '', headers }: IncomingMessage, port: number): Page | null {
  const hosts = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  if (!hosts.includes((headers.host ?? '').toLowerCase())) return 'foreign-host';
  if (url.split('?', 1)[0] !== PATH) return 'not-found';
  if (method !== 'GET') return 'wrong-method';
  const mode = headers['sec-fetch-mode'];
  return mode === undefined || mode === 'navigate' ? null : 'not-found';
}
