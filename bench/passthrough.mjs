// The smallest honest proxy: node:http in front, an undici pool behind, bytes piped. Everything the product adds is
// measured against this. Usage: passthrough.mjs UPSTREAM_ORIGIN; prints its address as one line.
import http from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.argv[2], {
  connections: 512,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
});

const server = http.createServer((req, res) => {
  const headers = { ...req.headers };
  delete headers.host;
  delete headers.connection;
  delete headers['transfer-encoding'];
  const abort = new AbortController();
  res.on('close', () => abort.abort());
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
  pool
    .stream(
      {
        path: req.url,
        method: req.method,
        headers,
        body: hasBody ? req : null,
        signal: abort.signal,
        opaque: res,
      },
      ({ statusCode, headers: answer, opaque }) => {
        delete answer.connection;
        delete answer['keep-alive'];
        delete answer['transfer-encoding'];
        opaque.writeHead(statusCode, answer);
        return opaque;
      },
    )
    .catch(() => res.destroy());
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
