import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateSync,
  gzipSync,
} from 'node:zlib';
import { type Exchange, header } from './exchange.ts';

export type ContentEncoding = 'gzip' | 'br' | 'deflate';

const KNOWN: readonly ContentEncoding[] = ['gzip', 'br', 'deflate'];

/** The encoding asked for with `x-sim-encoding`, if `accept-encoding` allows it. */
export function chosenEncoding(exchange: Exchange): ContentEncoding | null {
  const wanted = KNOWN.find((name) => name === header(exchange, 'x-sim-encoding'));
  if (!wanted) return null;
  const accepted = (header(exchange, 'accept-encoding') ?? '')
    .split(',')
    .map((item) => item.trim().split(';')[0]);
  return accepted.includes(wanted) ? wanted : null;
}

export function compress(body: Buffer, encoding: ContentEncoding): Buffer {
  if (encoding === 'gzip') return gzipSync(body);
  return encoding === 'br' ? brotliCompressSync(body) : deflateSync(body);
}

/** A compressor that gives up every byte it has at each write, so that events are not delayed. */
export function streamingCompressor(encoding: ContentEncoding) {
  if (encoding === 'br') return createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH });
  const options = { flush: constants.Z_SYNC_FLUSH };
  return encoding === 'gzip' ? createGzip(options) : createDeflate(options);
}
