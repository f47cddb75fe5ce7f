import path from 'node:path';

/** Address of the dashboard. The host is a plain name, since nothing outside the app resolves it. */
export const APP_URL = 'app://dashboard/index.html';

/**
 * Whether an address is a page of ours: parsed, never compared by its beginning. `devUrl` is the development
 * server's, null outside of development. Pure.
 */
export function isOwnAddress(address: string, devUrl: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol === 'app:') return url.host === 'dashboard';
  return devUrl !== null && URL.canParse(devUrl) && url.origin === new URL(devUrl).origin;
}

/**
 * File that an `app://dashboard/...` address means, or null when it leaves the folder or is malformed. Pure.
 */
export function resolveAppPath(folder: string, address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'app:' || url.host !== 'dashboard') return null;
  const decoded = decode(url.pathname);
  if (decoded === null || /[\0\\]/.test(decoded)) return null;
  const file = path.resolve(folder, `.${path.posix.normalize(`/${decoded}`)}`);
  const root = path.resolve(folder);
  return file.startsWith(root + path.sep) ? file : null;
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Media type of a file of the page. */
export function mediaType(file: string): string {
  return TYPES[path.extname(file)] ?? 'application/octet-stream';
}
