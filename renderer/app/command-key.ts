/** Name of the key that starts commands on this platform. */
export function commandKey(): string {
  return navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl';
}
