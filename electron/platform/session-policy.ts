import { session } from 'electron';

/**
 * What the page's session may do: load its own files, and nothing else. Electron grants permissions and lets
 * requests through unless told otherwise.
 */
export function applySessionPolicy(isAllowed: (url: string) => boolean): void {
  const page = session.defaultSession;
  // SECURITY: no permission is ever granted (Electron security checklist, rule 5).
  page.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  page.setPermissionCheckHandler(() => false);
  page.setDevicePermissionHandler(() => false);
  // SECURITY: the page never talks to the network, not even to our own proxy.
  page.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isAllowed(details.url) }));
  page.setSpellCheckerEnabled(false);
  page.on('will-download', (event) => event.preventDefault());
}
