/** Control, format, surrogate and separator characters: they can hide, break or turn around what a person reads. */
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Words of somebody else as one line of visible characters, cut after `max` of them. Empty when nothing is left. */
export function plainWords(text: string, max: number): string {
  const line = text
    .slice(0, max * 8)
    .replaceAll(UNREADABLE, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > max ? `${characters.slice(0, max).join('')}...` : line;
}
