import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/**
 * Connects through an HTTP proxy with CONNECT (RFC 9110 section 9.3.6), then hands the tunnel to `secure` for TLS
 * with the provider, so that the proxy sees host and port and nothing else. Name and password come from the
 * proxy's address.
 */
export function tunnelThrough(
  proxy: string,
  secure: buildConnector.connector,
  timeoutMs: number,
): buildConnector.connector {
  const address = new URL(proxy);
  const client = address.protocol === 'https:' ? https : http;
  return (options, callback) => {
    const target = `${options.hostname}:${options.port || '443'}`;
    const request = client.request({
      host: address.hostname,
      port: address.port || (address.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...proxyAuthorization(address) },
      agent: false,
      timeout: timeoutMs,
    });
    request.once('connect', (response, socket: Socket) => {
      if (response.statusCode === 200) {
        secure({ ...options, httpSocket: socket }, callback);
        return;
      }
      socket.destroy();
      callback(tunnelError(`The system proxy answered ${response.statusCode}.`), null);
    });
    request.once('timeout', () => request.destroy(tunnelError('The system proxy did not answer in time.')));
    request.once('error', (error) => callback(tunnelError(error.message), null));
    request.end();
  };
}

function proxyAuthorization(address: URL): { 'proxy-authorization'?: string } {
  if (address.username === '') return {};
  const pair = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Counted as a failure to connect, whatever it was. */
function tunnelError(message: string): Error {
  return Object.assign(new Error(message), { code: 'ECONNREFUSED' });
}
