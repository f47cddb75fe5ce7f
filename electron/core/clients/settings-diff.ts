import type { Node } from 'jsonc-parser';
import type { Diff } from '../../../shared/clients.ts';
import { redact } from '../../../shared/redact.ts';
import { parseObject, tokensOf } from './json-text.ts';
import { type DiffLine, diffLines } from './line-diff.ts';
import { withoutSecrets } from './own-address.ts';
import { ADDRESS } from './placement.ts';

/** Unchanged lines shown around a change. */
const CONTEXT = 3;

/** Longest line shown, characters. */
const MAX_WIDTH = 400;

/** Most lines shown. */
const MAX_LINES = 1500;

/** Longest value of a variable that is shown: switches and small numbers, too short to be a secret. */
const MAX_PLAIN = 5;

const DOTS = '••••';

/** Names under which everything is taken for a secret. */
const SECRET_NAME = /^(?:env|headers)$|key|token|secret|passw|auth|credential/i;

/** What may be a secret in a comment. */
const LONG_WORD = /[\w+/=~.-]{16,}/g;

/** What changes from one settings text to the other (null: no file), with all that may be a secret hidden. */
export function diffOf(before: string | null, after: string | null): Diff['lines'] {
  const old = linesOf(before);
  const next = linesOf(after);
  const lines = diffLines(old, next);
  const hiddenOld = linesOf(hidden(before));
  const hiddenNext = linesOf(hidden(after));
  const textOf = (line: DiffLine): string =>
    (line.kind === 'removed' ? hiddenOld[line.old] : hiddenNext[line.new]) ?? '';
  const near = nearChange(lines);
  const shown: Diff['lines'] = [];
  lines.forEach((line, i) => {
    if (near.has(i)) shown.push({ kind: line.kind, text: textOf(line).slice(0, MAX_WIDTH) });
    else if (shown.length > 0 && near.has(i - 1)) shown.push({ kind: 'same', text: '…' });
  });
  return shown.slice(0, MAX_LINES);
}

function nearChange(lines: readonly DiffLine[]): Set<number> {
  const near = new Set<number>();
  lines.forEach((line, i) => {
    if (line.kind === 'same') return;
    for (let at = i - CONTEXT; at <= i + CONTEXT; at += 1) near.add(at);
  });
  return near;
}

function linesOf(text: string | null): string[] {
  if (text === null || text === '') return [];
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The text with dots for secrets; as many lines as before. */
function hidden(text: string | null): string | null {
  if (text === null) return null;
  const root = parseObject(text);
  const covers = root === null ? new Map<number, string>() : coversOf(root, []);
  let result = '';
  for (const { start, token, comment } of tokensOf(text)) {
    result += comment ? token.replace(LONG_WORD, DOTS) : (covers.get(start) ?? redact(token));
  }
  return result;
}

/** What is shown instead of a value, by its offset. */
function coversOf(
  node: Node,
  path: readonly string[],
  covers = new Map<number, string>(),
): Map<number, string> {
  const name: unknown = node.type === 'property' ? node.children?.[0]?.value : undefined;
  const inner = typeof name === 'string' ? [...path, name] : path;
  const value: unknown = node.value;
  if (typeof value === 'string' && path.some((part) => SECRET_NAME.test(part))) {
    if (path.at(-1) === ADDRESS) covers.set(node.offset, JSON.stringify(withoutSecrets(value)));
    else if (value.length > MAX_PLAIN) covers.set(node.offset, `"${DOTS}"`);
  }
  const children = node.type === 'property' ? node.children?.slice(1) : node.children;
  for (const child of children ?? []) coversOf(child, inner, covers);
  return covers;
}
