/** Eight hues that stay apart for colour-blind eyes; sessions share them by hash. */
const HUES = [212, 28, 158, 330, 48, 262, 190, 8];

/** A stable colour for a session id; it only groups rows for the eye, the id is always there in text. */
export function colourOf(id: string): string {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  const hue = HUES[hash % HUES.length] ?? 212;
  return `hsl(${hue} 62% 52%)`;
}
