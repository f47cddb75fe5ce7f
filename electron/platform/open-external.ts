import { shell } from 'electron';
import type { ExternalLink } from '../../shared/ipc/contract.ts';

// SECURITY: the page names a link, never an address; this is the only caller of openExternal (rule 15).
const ADDRESSES: Record<ExternalLink, string> = {
  'provider-keys': 'https://platform.claude.com/settings/keys',
  'provider-terms': 'https://www.anthropic.com/legal/consumer-terms',
  'provider-status': 'https://status.claude.com',
};

/** Opens one of the known pages in the user's browser. */
export async function openExternalLink(link: ExternalLink): Promise<void> {
  await shell.openExternal(ADDRESSES[link]);
}

/** Shows a file of ours in the system's file window. */
export function showFile(file: string): void {
  shell.showItemInFolder(file);
}
