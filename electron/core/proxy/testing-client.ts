import http from 'node:http';
import { onTestFinished } from 'vitest';
import { MESSAGE } from './testing-http.ts';

/** Starts a request that may be left at any time. */
export function leavable(url: string, body: string = MESSAGE, headers: http.OutgoingHttpHeaders = {}) {
  let received = '';
  let ended: 'no' | 'complete' | 'broken' = 'no';
  const req = http.request(url, { method: 'POST', agent: false, headers });
  req.on('error', () => {
    ended = 'broken';
  });
  req.on('response', (res) => {
    res.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    res.on('error', () => undefined);
    res.on('close', () => {
      ended = res.complete ? 'complete' : 'broken';
    });
  });
  req.end(body);
  onTestFinished(() => void req.destroy());
  return { leave: () => void req.destroy(), received: () => received, ended: () => ended };
}
