import type { Settings } from '../../../shared/settings.ts';

type Choice = Pick<Settings, 'exhaustion' | 'fallbackAccountId' | 'fallbackConsent'>;

/**
 * Id of the account that serves only when the others cannot, or null: one was chosen and agreed to, and the requests of
 * somebody may fall back to it. Where nothing can, setting it aside would only waste it. `keysFallBack`: some client
 * key has that choice of its own.
 */
export function setAside(settings: Choice, keysFallBack: () => boolean): string | null {
  const { exhaustion, fallbackAccountId, fallbackConsent } = settings;
  return fallbackConsent && (exhaustion === 'fallback' || keysFallBack()) ? fallbackAccountId : null;
}
