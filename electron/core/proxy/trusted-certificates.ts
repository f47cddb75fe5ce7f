import tls from 'node:tls';

let trusted: { ca?: string[] } | undefined;

/** Node's own list and the system's where this Node can read it (22.15 and up), else Node's default; read once. */
export function trustedCertificates(): { ca?: string[] } {
  trusted ??=
    typeof tls.getCACertificates === 'function'
      ? { ca: [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])] }
      : {};
  return trusted;
}
