import { shell } from 'electron';
import type { ExternalLink } from '../../shared/ipc/contract.ts';
import { mayOpenInBrowser } from './sign-in-policy.ts';

// SECURITY: openExternal is called in this file only, and never with an address of the page's (rule 15). The page
// names a link; the one other address is the sign-in page of the engine's settings.
const ADDRESSES: Record<ExternalLink, string> = {
  'provider-keys': 'https://platform.claude.com/settings/keys',
  'provider-terms': 'https://www.anthropic.com/legal/consumer-terms',
  'provider-legal': 'https://code.claude.com/docs/en/legal-and-compliance',
  'provider-status': 'https://status.claude.com',
  'provider-revoke': 'https://claude.ai/settings/claude-code',
};

/** Opens one of the known pages in the user's browser. */
export async function openExternalLink(link: ExternalLink): Promise<void> {
  await shell.openExternal(ADDRESSES[link]);
}

/**
 * Opens a sign-in page in the user's browser.
 * @throws {Error} when it is neither https nor on this computer, or when there is no browser
 */
export async function openSignInPage(url: string): Promise<void> {
  if (!mayOpenInBrowser(url)) throw new Error('not an address for the browser');
  await shell.openExternal(url);
}

/** Shows a file of ours in the system's file window. */
export function showFile(file: string): void {
  shell.showItemInFolder(file);
}
