import { app, session } from 'electron';

/** The proxy that the system's settings (PAC files included) want for an address, as `http://host:port`, or null. */
export async function resolveSystemProxy(origin: string): Promise<string | null> {
  await app.whenReady();
  const answer = await session.defaultSession.resolveProxy(origin).catch(() => 'DIRECT');
  // Chromium answers a list such as `PROXY proxy.corp:3128; DIRECT`.
  const [kind, host] = answer.split(';')[0]?.trim().split(/\s+/) ?? [];
  if (host === undefined) return null;
  if (kind === 'PROXY') return `http://${host}`;
  return kind === 'HTTPS' ? `https://${host}` : null;
}
