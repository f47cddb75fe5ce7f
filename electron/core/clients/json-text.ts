import { createScanner, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { unreadable } from './file-access.ts';

const BOM = '\uFEFF';

/** A settings file as text. `text` is without the mark some editors begin a file with; `bom` remembers it. */
export type JsonText = { readonly text: string; readonly bom: boolean };

/** The text of a file that does not exist yet. */
export const NO_TEXT: JsonText = { text: '', bom: false };

/** @throws AppError `client_settings_unreadable` when the bytes are not UTF-8 */
export function decode(bytes: Uint8Array): JsonText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith(BOM) ? { text: text.slice(1), bom: true } : { text, bom: false };
  } catch (error) {
    throw unreadable('The settings file is not UTF-8 text. Save it as UTF-8 and try again.', error);
  }
}

/** The bytes of a text, as {@link decode} read them. */
export function encode({ text, bom }: JsonText): Buffer {
  return Buffer.from(bom ? BOM + text : text, 'utf8');
}

/** A piece of a text: spaces and comments are pieces, too. `end`: the offset behind it. */
type Token = {
  readonly start: number;
  readonly end: number;
  readonly token: string;
  readonly comment: boolean;
};

/** All of a text in pieces, also where it is not valid. */
export function* tokensOf(text: string): Generator<Token> {
  const scanner = createScanner(text, false);
  for (let end = 0; end < text.length; ) {
    scanner.scan();
    const start = scanner.getTokenOffset();
    end = start + scanner.getTokenLength();
    const token = text.slice(start, end);
    yield { start, end, token, comment: token.startsWith('//') || token.startsWith('/*') };
  }
}

/** Line of an offset, counted from 1. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}

/**
 * Parses JSON with comments and trailing commas whose outermost value is an object; null when there is only space.
 * @throws AppError `client_settings_unreadable` naming the line
 */
export function parseObject(text: string): Node | null {
  if (text.trim() === '') return null;
  const errors: ParseError[] = [];
  const root = parseBounded(text, errors);
  const [first] = errors;
  if (first !== undefined || root === undefined) {
    throw unreadable(
      `The settings file is not valid JSON. Correct it at line ${lineAt(text, first?.offset ?? 0)}; it was left as it is.`,
    );
  }
  if (root.type !== 'object')
    throw unreadable('The settings file holds no JSON object ({ … }). It was left as it is.');
  return root;
}

/** Whether a text is JSON as the standard has it, without comments and trailing commas. */
export function isPlainJson(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseBounded(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // The parser calls itself per level, so thousands of brackets end the stack.
    throw unreadable('The settings file is nested too deeply to be read.', error);
  }
}

/** Property of an object by name; of several with one name the last counts, as in JavaScript. */
export function propertyOf(object: Node, name: string): { property: Node; value: Node } | null {
  const property = object.children?.findLast((child) => child.children?.[0]?.value === name);
  const value = property?.children?.[1];
  return property === undefined || value === undefined ? null : { property, value };
}

/** The object under a path of names; null when it is not there. @throws AppError when something else is */
export function objectAt(text: string, root: Node | null, path: readonly string[]): Node | null {
  let node = root;
  for (const name of path) {
    const found = node === null ? null : propertyOf(node, name);
    if (found !== null && found.value.type !== 'object') {
      throw unreadable(
        `"${name}" in the settings file is no object. Correct it at line ${lineAt(text, found.value.offset)}; it was left as it is.`,
      );
    }
    node = found?.value ?? null;
  }
  return node;
}

/** One value in the text: as it stands there, as a value, and where. Null when the path leads nowhere. */
export function valueAt(
  text: string,
  path: readonly string[],
): { raw: string; value: unknown; line: number } | null {
  const name = path.at(-1);
  const object = name === undefined ? null : objectAt(text, parseObject(text), path.slice(0, -1));
  const found = object === null || name === undefined ? null : propertyOf(object, name);
  if (found === null) return null;
  const { offset, length } = found.value;
  const value: unknown = getNodeValue(found.value);
  return { raw: text.slice(offset, offset + length), value, line: lineAt(text, offset) };
}
