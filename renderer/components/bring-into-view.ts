/** Ref of what appears and must be seen: what holds it scrolls as far as that takes, and no further. */
export function bringIntoView(element: Element | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
