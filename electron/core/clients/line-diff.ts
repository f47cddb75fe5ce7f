/** One line of a comparison: its number in the old and in the new text, counted from 0. */
export type DiffLine =
  | { readonly kind: 'same'; readonly old: number; readonly new: number }
  | { readonly kind: 'removed'; readonly old: number }
  | { readonly kind: 'added'; readonly new: number };

/** Largest product of lines that is compared line by line; above it the middle counts as replaced. */
const MAX_CELLS = 250_000;

/** The fewest removed and added lines between two texts. Pure. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const middle = diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const lines: DiffLine[] = Array.from({ length: head }, (_, i) => ({ kind: 'same', old: i, new: i }));
  lines.push(...middle.map((line) => moved(line, head)));
  for (let i = tail; i > 0; i -= 1) {
    lines.push({ kind: 'same', old: before.length - i, new: after.length - i });
  }
  return lines;
}

/** Longest common subsequence by the textbook table. */
function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const comparable = before.length * after.length <= MAX_CELLS;
  const common = comparable ? commonLengths(before, after) : [];
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (comparable && i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', old: i, new: j });
      i += 1;
      j += 1;
    } else if (i < before.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)) {
      lines.push({ kind: 'removed', old: i });
      i += 1;
    } else if (j < after.length) {
      lines.push({ kind: 'added', new: j });
      j += 1;
    }
  }
  return lines;
}

/** `[i][j]`: how many lines the rests from i and j have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const down = table[i + 1]?.[j] ?? 0;
      const right = table[i]?.[j + 1] ?? 0;
      const both = (table[i + 1]?.[j + 1] ?? 0) + 1;
      const row = table[i];
      if (row !== undefined) row[j] = before[i] === after[j] ? both : Math.max(down, right);
    }
  }
  return table;
}

function moved(line: DiffLine, by: number): DiffLine {
  if (line.kind === 'same') return { kind: 'same', old: line.old + by, new: line.new + by };
  return line.kind === 'removed'
    ? { kind: 'removed', old: line.old + by }
    : { kind: 'added', new: line.new + by };
}
