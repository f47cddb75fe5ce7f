import { createServer, type Server } from 'node:http';
import type { Settings } from '../../../shared/settings.ts';
import { AppError } from '../errors.ts';
import type { Reception } from './reception.ts';

/** Idle time after which a client's connection is closed, ms; longer than clients keep theirs. */
const CLIENT_KEEP_ALIVE_MS = 75_000;

/** How often connections are checked for a head that takes too long, ms. */
const HEAD_CHECK_MS = 1000;

/** The HTTP server with every bound of the settings; hands all it gets to `reception`. */
export function createHttpServer(settings: Settings, reception: Reception): Server {
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: false,
    maxHeaderSize: settings.maxHeaderBytes,
    headersTimeout: settings.clientHeadTimeoutMs,
    // Large uploads take their time; bodies that stall are swept up by idle time instead.
    requestTimeout: 0,
    connectionsCheckingInterval: HEAD_CHECK_MS,
    keepAliveTimeout: CLIENT_KEEP_ALIVE_MS,
    noDelay: true,
  });
  // Node would drop what is over its own count without a word; the guard refuses instead.
  server.maxHeadersCount = 0;
  server.maxConnections = settings.maxConnections;
  server.on('request', (req, res) => reception.receive(req, res, false));
  server.on('checkContinue', (req, res) => reception.receive(req, res, true));
  server.on('checkExpectation', (req, res) => reception.refuseExpectation(req, res));
  server.on('connect', (req, socket) => reception.refuseTunnel(req, socket));
  server.on('upgrade', (req, socket) => reception.refuseTunnel(req, socket));
  server.on('clientError', (error, socket) => reception.refuseBytes(error, socket));
  return server;
}

/** Listens on 127.0.0.1 and answers the port. @throws AppError `port_in_use`, `port_forbidden` */
export function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): AppError {
  if (error.code === 'EADDRINUSE') {
    const words = `Port ${port} is used by another program. Quit it, or choose another port in the settings or with --port.`;
    return new AppError('port_in_use', words, error);
  }
  const words = `This computer does not let ccflare listen on port ${port}. Choose another port, above 1023, in the settings or with --port.`;
  return new AppError('port_forbidden', words, error);
}
