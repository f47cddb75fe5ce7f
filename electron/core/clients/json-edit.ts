import { isDeepStrictEqual } from 'node:util';
import { createScanner, getNodeValue, type Node } from 'jsonc-parser';
import { AppError } from '../errors.ts';
import { isPlainJson, objectAt, parseObject, propertyOf, tokensOf } from './json-text.ts';

/** One cut: `end` exclusive, `put` in its place. */
type Cut = { readonly start: number; readonly end: number; readonly put: string };

/**
 * Sets one value and leaves every other character as it is. Objects on the way are made. `raw` is JSON.
 * @throws AppError `client_settings_unreadable` when the text is no JSON object, or something else is in the way
 */
export function setValue(text: string, path: readonly string[], raw: string): string {
  const root = parseObject(text);
  if (root === null) return `{\n  ${member(path, raw, DEFAULT_STYLE, '  ')}\n}\n`;
  const names = [...path];
  let object = root;
  while (names.length > 1) {
    const inner = objectAt(text, object, names.slice(0, 1));
    if (inner === null) break;
    object = inner;
    names.shift();
  }
  const there = propertyOf(object, names[0] ?? '');
  if (there === null) return cut(text, insertion(text, object, names, raw));
  const { offset, length } = there.value;
  return cut(text, [{ start: offset, end: offset + length, put: raw }]);
}

/** Takes one value out, with its comma; does nothing when it is not there. @throws AppError as {@link setValue} */
export function removeValue(text: string, path: readonly string[]): string {
  const object = objectAt(text, parseObject(text), path.slice(0, -1));
  const there = object === null ? null : propertyOf(object, path.at(-1) ?? '');
  return object === null || there === null ? text : cut(text, removal(text, object, there.property));
}

/** True for `{}` with nothing but space in it. */
export function isBlank(text: string, object: Node): boolean {
  return text.slice(object.offset + 1, object.offset + object.length - 1).trim() === '';
}

/** The whole text as a value; an empty object for an empty text. */
export function wholeValue(text: string): unknown {
  const root = parseObject(text);
  return root === null ? {} : getNodeValue(root);
}

/**
 * The text as plain JSON: without comments and trailing commas, and else as it is.
 * @throws AppError `client_settings_unreadable`; `internal` when any value would have changed
 */
export function plainJson(text: string): string {
  const before = wholeValue(text);
  const cuts: Cut[] = [];
  let comma: number | null = null;
  for (const { start, end, token, comment } of tokensOf(text)) {
    if (comment) cuts.push(withSpaceBefore(text, wholeLine(text, start, end), cuts.at(-1)?.end ?? 0));
    if (comma !== null && /^[}\]]$/.test(token)) cuts.push({ start: comma, end: comma + 1, put: '' });
    if (!comment && token.trim() !== '') comma = token === ',' ? start : null;
  }
  const plain = cut(text, cuts);
  if (isPlainJson(plain) && isDeepStrictEqual(wholeValue(plain), before)) return plain;
  throw new AppError('internal', 'The file could not be changed safely, so it was left as it is.');
}

function cut(text: string, cuts: readonly Cut[]): string {
  return [...cuts]
    .sort((a, b) => b.start - a.start)
    .reduce((all, { start, end, put }) => all.slice(0, start) + put + all.slice(end), text);
}

// ---- putting in -------------------------------------------------------------------------------------------

/** Line end and indentation as the text has them. */
type Style = { readonly newline: string; readonly unit: string };

const DEFAULT_STYLE: Style = { newline: '\n', unit: '  ' };

function insertion(text: string, object: Node, path: readonly string[], raw: string): Cut[] {
  const last = object.children?.at(-1);
  return last === undefined
    ? [intoEmpty(text, object, path, raw)]
    : afterLast(text, object, last, (style, indent) => member(path, raw, style, indent));
}

/** Behind the last property and its comments, on a line of its own where the others have one. */
function afterLast(
  text: string,
  object: Node,
  last: Node,
  written: (style: Style | null, indent: string) => string,
): Cut[] {
  const style = styleOf(text);
  const end = last.offset + last.length;
  const gap = text.slice(end, object.offset + object.length - 1);
  const own = startsLine(text, last.offset);
  const indent = own ? indentAt(text, last.offset) : indentAt(text, object.offset) + style.unit;
  const put =
    own || hasBreak(gap) ? style.newline + indent + written(style, indent) : ` ${written(null, '')}`;
  const at = end + gap.trimEnd().length;
  if (commaAfter(text, end) !== null) return [{ start: at, end: at, put }];
  if (at === end) return [{ start: end, end, put: `,${put}` }];
  return [
    { start: end, end, put: ',' },
    { start: at, end: at, put },
  ];
}

/** Into an object that has no property yet, but perhaps comments. */
function intoEmpty(text: string, object: Node, path: readonly string[], raw: string): Cut {
  const style = styleOf(text);
  const start = object.offset + 1;
  const end = object.offset + object.length - 1;
  const inside = text.slice(start, end).trimEnd();
  const oneLine = object.parent !== undefined && !hasBreak(text.trim()) && inside === '';
  if (oneLine) return { start, end, put: member(path, raw, null, '') };
  const outer = indentAt(text, object.offset);
  const indent = outer + style.unit;
  const put = `${style.newline}${indent}${member(path, raw, style, indent)}${style.newline}${outer}`;
  return { start: start + inside.length, end, put };
}

/** `"key": raw`, with the objects of the path around it; on one line without a style. */
function member(path: readonly string[], raw: string, style: Style | null, indent: string): string {
  const [key = '', ...rest] = path;
  const name = `${JSON.stringify(key)}: `;
  if (rest.length === 0) return name + raw;
  if (style === null) return `${name}{${member(rest, raw, null, '')}}`;
  const inner = indent + style.unit;
  const content = member(rest, raw, style, inner);
  return `${name}{${style.newline}${inner}${content}${style.newline}${indent}}`;
}

function styleOf(text: string): Style {
  const newline = /\r\n|\r|\n/.exec(text)?.[0] ?? DEFAULT_STYLE.newline;
  const unit = /[\r\n]([ \t]{1,16})"/.exec(text)?.[1] ?? DEFAULT_STYLE.unit;
  return { newline, unit };
}

// ---- taking out -------------------------------------------------------------------------------------------

function removal(text: string, object: Node, property: Node): Cut[] {
  const { offset } = property;
  const end = offset + property.length;
  const after = commaAfter(text, end);
  if (after !== null) {
    if (text.slice(end, after).trim() === '') return [wholeLine(text, offset, after + 1)];
    return [wholeLine(text, offset, end), { start: after, end: after + 1, put: '' }];
  }
  const previous = object.children?.[object.children.indexOf(property) - 1];
  const before = previous === undefined ? null : commaAfter(text, previous.offset + previous.length);
  if (before === null) return [wholeLine(text, offset, end)];
  if (text.slice(before + 1, offset).trim() === '') return [{ start: before, end, put: '' }];
  return [{ start: before, end: before + 1, put: '' }, wholeLine(text, offset, end)];
}

/** With its line where it has one to itself; else with the space behind it, so that no comment swallows a neighbour. */
function wholeLine(text: string, start: number, end: number): Cut {
  const spaces = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  const next = text[end + spaces];
  const alone = startsLine(text, start) && (next === '\n' || next === '\r');
  return alone ? { start: breakBefore(text, start), end, put: '' } : { start, end: end + spaces, put: '' };
}

/** At the end of a line no space is left behind; `from` is where the cut before ends. */
function withSpaceBefore(text: string, { start, end, put }: Cut, from: number): Cut {
  let first = start;
  if (!/^[\r\n]?$/.test(text.charAt(end))) return { start, end, put };
  while (first > from && /[ \t]/.test(text.charAt(first - 1))) first -= 1;
  return { start: first, end, put };
}

// ---- where things are -------------------------------------------------------------------------------------

/** Offset of the comma that follows, comments skipped; null when something else does. */
function commaAfter(text: string, offset: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return text[at] === ',' ? at : null;
}

function hasBreak(text: string): boolean {
  return text.includes('\n') || text.includes('\r');
}

/** Offset of the first character of a line. */
function lineStart(text: string, offset: number): number {
  if (offset === 0) return 0;
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

function startsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

function breakBefore(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return text.startsWith('\r\n', start - 2) ? start - 2 : Math.max(start - 1, 0);
}
