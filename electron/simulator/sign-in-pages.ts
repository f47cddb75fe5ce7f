import type { Exchange } from './exchange.ts';
import { sendBody } from './respond.ts';

/** Sends a page of the simulated provider. */
export function sendPage(exchange: Exchange, title: string, body: string): void {
  sendBody(exchange, 200, Buffer.from(page(title, body)), { 'content-type': 'text/html; charset=utf-8' });
}

/** Sends the beginning of a page and keeps the connection open. */
export function sendEndlessPage(exchange: Exchange): void {
  exchange.res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  exchange.res.write(page('Simulated sign-in', '<p>One moment…</p>'));
}

/** `GET /oauth/code/callback`, the hosted redirect: shows `code#state` to copy, or why there is none. */
export function showCode(exchange: Exchange): void {
  const { query } = exchange;
  const error = query.get('error');
  if (error !== null) {
    const words = escaped(query.get('error_description') ?? error);
    sendPage(exchange, 'Simulated sign-in', `<p role="alert">${words}</p>`);
    return;
  }
  const code = escaped(`${query.get('code') ?? ''}#${query.get('state') ?? ''}`);
  const hint = '<p>Copy this code and paste it where you started to sign in.</p>';
  sendPage(exchange, 'Authentication code', `${hint}<code id="code">${code}</code>`);
}

/** `GET /stolen`: where the attacks of the sign-in pages lead; that it was asked for shows that one worked. */
export function showStolen(exchange: Exchange): void {
  sendPage(exchange, 'Not the provider', '<p>This page must never be shown.</p>');
}

/** Text as HTML, also inside double-quoted attributes. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function page(title: string, body: string): string {
  const head = `<meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}
