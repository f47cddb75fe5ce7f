import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTail } from './json-tail.ts';

const WANTED = new Set(['model', 'metadata', 'a"\\']);
const noisy = fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'a', 'é', '\n') });
const value = fc.oneof(noisy, fc.jsonValue({ maxDepth: 3 }), fc.array(noisy, { maxLength: 5 }));
const key = fc.oneof(fc.constantFrom(...WANTED), noisy);
const document = fc.dictionary(key, value, { maxKeys: 10 });

test('of a whole document it finds every wanted key, as JSON.parse does', () => {
  fc.assert(
    fc.property(document, fc.constantFrom(0, 2), (object, indent) => {
      const text = JSON.stringify(object, null, indent);
      const parsed: Record<string, unknown> = JSON.parse(text);
      const found = readTail(Buffer.from(text), WANTED);
      expect(new Set(found.keys())).toEqual(new Set(Object.keys(parsed).filter((name) => WANTED.has(name))));
      for (const [name, seen] of found) expect(seen).toEqual(parsed[name]);
    }),
    { numRuns: 1000 },
  );
});

test('of the end of a document it finds nothing that is not there', () => {
  fc.assert(
    fc.property(document, fc.nat(), (object, at) => {
      const text = Buffer.from(JSON.stringify(object));
      const parsed: Record<string, unknown> = JSON.parse(text.toString());
      const found = readTail(text.subarray(at % text.length), WANTED);
      for (const [name, seen] of found) expect(seen).toEqual(parsed[name]);
    }),
    { numRuns: 2000 },
  );
});

test('of a key that occurs twice the last one counts', () => {
  expect(readTail(Buffer.from('{"model":"a","model":"b"}'), WANTED).get('model')).toBe('b');
});

test('does not throw on what is no JSON', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), noisy, (bytes, text) => {
      readTail(Buffer.from(bytes), WANTED);
      readTail(Buffer.from(`${text}}`), WANTED);
    }),
  );
});
