import { clipboard } from 'electron';

/** Puts text on the clipboard. Here, so that keys need not pass through the page. */
export function copyText(text: string): void {
  clipboard.writeText(text);
}
