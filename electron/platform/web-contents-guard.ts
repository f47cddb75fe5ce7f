import { app, type WebContents } from 'electron';

/** Contents of other windows, whose own rules are stricter in some things and wider in others. */
const ownGuard = new WeakSet<WebContents>();

/** Leaves navigation in these contents to the rules that their window has put on them. */
export function leaveToOwnGuard(contents: WebContents): void {
  ownGuard.add(contents);
}

/** No page of ours navigates away, opens windows or embeds others (Electron security checklist, rules 12 to 14). */
export function guardWebContents(isAllowed: (url: string) => boolean): void {
  app.on('web-contents-created', (_event, contents) => {
    const allowed = (url: string): boolean => ownGuard.has(contents) || isAllowed(url);
    contents.on('will-navigate', (event) => {
      if (!allowed(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      const mayBeFrame = event.isMainFrame || ownGuard.has(contents);
      if (!mayBeFrame || !allowed(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
