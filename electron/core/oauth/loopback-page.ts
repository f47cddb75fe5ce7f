import type { ServerResponse } from 'node:http';

/** What the browser is told. Nothing of the address is repeated. */
const PAGES = {
  done: [200, 'Signed in', 'You can close this tab and go back to ccflare Desktop.'],
  refused: [400, 'Not signed in', 'Go back to ccflare Desktop to see why. You can close this tab.'],
  over: [410, 'This sign-in is over', 'Start again in ccflare Desktop. You can close this tab.'],
  'foreign-host': [403, 'Refused', 'This address is for one sign-in only.'],
  'not-found': [404, 'Nothing here', 'This address is for one sign-in only.'],
  'wrong-method': [405, 'Refused', 'This address is for one sign-in only.'],
} as const;

/** Name of a page. */
export type Page = keyof typeof PAGES;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

/** Sends a page that needs nothing from anywhere: no script, no style, no link. */
export function sendPage(res: ServerResponse, page: Page): void {
  const [status, title, words] = PAGES[page];
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title><h1>${title}</h1><p>${words}</p></html>`;
  res.writeHead(status, { ...HEADERS, ...(page === 'wrong-method' ? { allow: 'GET' } : {}) }).end(html);
}
