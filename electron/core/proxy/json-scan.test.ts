import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopLevelScanner } from './json-scan.ts';

const WANTED = ['model', 'metadata', 'max_tokens', 'ключ"\\'];

function scan(text: string, cuts: readonly number[] = []): TopLevelScanner {
  const scanner = new TopLevelScanner(WANTED);
  const bytes = Buffer.from(text);
  let from = 0;
  for (const cut of [...cuts].map((at) => at % (bytes.length + 1)).sort((a, b) => a - b)) {
    scanner.write(bytes.subarray(from, cut));
    from = Math.max(from, cut);
  }
  scanner.write(bytes.subarray(from));
  return scanner;
}

const key = fc.oneof(fc.constantFrom(...WANTED), fc.string({ unit: 'binary', maxLength: 12 }));
const document = fc.dictionary(key, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 12 });
const cuts = fc.array(fc.nat(), { maxLength: 12 });

test('agrees with JSON.parse about every wanted key, however the bytes are cut', () => {
  fc.assert(
    fc.property(document, cuts, fc.constantFrom(0, 1, 3), (value, at, indent) => {
      const text = JSON.stringify(value, null, indent);
      const parsed: Record<string, unknown> = JSON.parse(text);
      const scanner = scan(text, at);
      expect(scanner.done).toBe(true);
      for (const name of WANTED) {
        expect(scanner.value(name)).toEqual(Object.hasOwn(parsed, name) ? parsed[name] : undefined);
      }
    }),
    { numRuns: 1000 },
  );
});

test('strings full of quotes and backslashes do not shift its place', () => {
  const noise = fc.array(
    fc.constantFrom('"', '\\', '\\"', '{', '}', '[', ']', ',', ':', 'a', '\u0000', 'é'),
    {
      maxLength: 80,
    },
  );
  fc.assert(
    fc.property(noise, cuts, (parts, at) => {
      const text = JSON.stringify({
        messages: [{ content: parts.join('') }],
        [parts.join('')]: 1,
        model: 'm',
      });
      expect(scan(text, at).value('model')).toBe('m');
    }),
    { numRuns: 500 },
  );
});

test('of a key that occurs twice the last one counts, also when written with escapes', () => {
  expect(scan('{"model":"a","mod\\u0065l":"b"}').value('model')).toBe('b');
});

test('keys of nested objects are not taken for its own', () => {
  expect(scan('{"tools":[{"model":"inner"}],"metadata":{"model":"inner"}}').value('model')).toBeUndefined();
});

test.each([
  '',
  '[]',
  '"model"',
  '{"model"',
  '{"model":',
  '{"model":"a',
  'nonsense',
  '{]',
  '{"model" "a"}',
  '{,}',
])('knows nothing of %j and does not throw', (text) => expect(scan(text).value('model')).toBeUndefined());

test('a value over its bound counts as absent', () => {
  const scanner = scan(JSON.stringify({ metadata: 'x'.repeat(9000), model: 'm' }), [500, 5000]);
  expect(scanner.value('metadata')).toBeUndefined();
  expect(scanner.value('model')).toBe('m');
});
