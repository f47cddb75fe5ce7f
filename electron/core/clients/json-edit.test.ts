import fc from 'fast-check';
import { type Node, parse, parseTree } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { plainJson, removeValue, setValue } from './json-edit.ts';
import { anySettings, values } from './testing-json.ts';

/** Every path of one or two names that leads to a value, and its place among duplicates aside. */
function pathsIn(text: string): string[][] {
  return Object.entries(values(text)).flatMap(([key, value]) => [
    [key],
    ...(value !== null && typeof value === 'object' ? Object.keys(value).map((inner) => [key, inner]) : []),
  ]);
}

const withoutMark = anySettings.map((text) => text.replace(/^\uFEFF/, ''));

/** Documents in which no name occurs twice in one object, where taking out means that the name is gone. */
const unique = withoutMark.filter((text) => {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  return tree === undefined || namesOnce(tree);
});

function namesOnce(node: Node): boolean {
  const children = node.children ?? [];
  const names = node.type === 'object' ? children.map((child) => child.children?.[0]?.value) : [];
  return new Set(names).size === names.length && children.every(namesOnce);
}

describe('taking a value out', () => {
  test('leaves all others as they are, wherever it stands', () => {
    fc.assert(
      fc.property(unique, fc.nat(), (text, seed) => {
        const paths = pathsIn(text);
        const path = paths[seed % Math.max(paths.length, 1)];
        fc.pre(path !== undefined);
        const model = structuredClone(values(text));
        const [outer = '', inner] = path;
        if (inner === undefined) delete model[outer];
        else delete Object(model[outer])[inner];
        expect(values(removeValue(text, path))).toEqual(model);
      }),
      { numRuns: 500 },
    );
  });

  const cases: [string, string, string][] = [
    ['alone on its line', '{\n  "a": 1,\n  "x": 2,\n  "b": 3\n}', '{\n  "a": 1,\n  "b": 3\n}'],
    ['the last one', '{\n  "a": 1,\n  "x": 2\n}', '{\n  "a": 1\n}'],
    ['the last one behind a comma of its own', '{\n  "a": 1,\n  "x": 2,\n}', '{\n  "a": 1,\n}'],
    ['in a row', '{"a": 1, "x": 2, "b": 3}', '{"a": 1, "b": 3}'],
    ['below a comment, with a neighbour', '{ // c\n"x": 2, "b": 3}', '{ // c\n"b": 3}'],
    ['below a comment, before the end', '{ "a": 1 // c\n, // d\n"x": 2 }', '{ "a": 1 // c\n // d\n}'],
    ['with a comment before its comma', '{"x": 2 /* c */, "b": 3}', '{/* c */ "b": 3}'],
    ['with Windows line ends', '{\r\n  "a": 1,\r\n  "x": 2\r\n}', '{\r\n  "a": 1\r\n}'],
  ];
  for (const [name, before, after] of cases) {
    test(`works for one ${name}`, () => expect(removeValue(before, ['x'])).toBe(after));
  }
});

describe('setting a value', () => {
  test('changes that value only', () => {
    fc.assert(
      fc.property(withoutMark, fc.string(), fc.json(), (text, key, raw) => {
        const model = structuredClone(values(text));
        const { other } = model;
        const inside = other !== null && typeof other === 'object' ? Object(other) : {};
        const path = Object.keys(inside).length > 0 ? ['other', key] : [key];
        fc.pre(key !== '__proto__');
        if (path.length === 2) inside[key] = parse(raw);
        else model[key] = parse(raw);
        expect(values(setValue(text, path, raw))).toEqual(model);
      }),
      { numRuns: 300 },
    );
  });
});

describe('making a text plain JSON', () => {
  test('changes no value, and leaves nothing that plain JSON does not allow', () => {
    fc.assert(
      fc.property(withoutMark, (text) => {
        const plain = plainJson(text);
        expect(() => JSON.parse(plain)).not.toThrow();
        expect(values(plain)).toEqual(values(text));
      }),
      { numRuns: 500 },
    );
  });

  const cases: [string, string, string][] = [
    [
      'has nothing to take out',
      '{ "a": "/* no */ // comment" ,\t"b": [1 , 2] }',
      '{ "a": "/* no */ // comment" ,\t"b": [1 , 2] }',
    ],
    ['has comments on lines of their own', '{\n  // a\n  /* b\n  c */\n  "a": 1\n}', '{\n  "a": 1\n}'],
    [
      'has a comment behind a value',
      '{\r\n  "a": 1, // a\r\n  "b": 2 /* b */\r\n}',
      '{\r\n  "a": 1,\r\n  "b": 2\r\n}',
    ],
    ['has several comments on one line', '{ "a": /* a */ /* b */ 1 /* c */ // d\n}', '{ "a": 1 \n}'],
    ['has commas at the end', '{\n  "a": [1, 2,],\n  "b": {}, // b\n}', '{\n  "a": [1, 2],\n  "b": {}\n}'],
  ];
  for (const [name, before, after] of cases) {
    test(`works for one that ${name}`, () => expect(plainJson(before)).toBe(after));
  }
});
