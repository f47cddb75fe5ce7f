import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { mediaType, resolveAppPath } from './app-path.ts';

// SECURITY: no inline code, no network, no frames, no forms (Electron security checklist, rule 7).
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Makes `app:` a standard, secure scheme. Must run before the app is ready, and once. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
}

/** Serves the built page from its folder, and nothing outside it. */
export function serveApp(folder: string): void {
  protocol.handle('app', async (request) => {
    const file = request.method === 'GET' ? resolveAppPath(folder, request.url) : null;
    if (file === null) return new Response(null, { status: 404, headers: HEADERS });
    try {
      const bytes = new Uint8Array(await readFile(file));
      return new Response(bytes, { headers: { ...HEADERS, 'content-type': mediaType(file) } });
    } catch {
      return new Response(null, { status: 404, headers: HEADERS });
    }
  });
}
