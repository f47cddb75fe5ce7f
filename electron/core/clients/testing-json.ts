import fc from 'fast-check';
import { type ParseError, parse } from 'jsonc-parser';

/** What a settings file says, with `env` made plain. */
export type Values = Record<string, unknown> & { env?: Record<string, unknown> };

/** Values of a settings file, as Claude Code would see them. Throws when it is no JSON any more. */
export function values(bytes: Uint8Array | string): Values {
  const errors: ParseError[] = [];
  const text = (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')).replace(
    /^\uFEFF/,
    '',
  );
  const found: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new Error(`No JSON: ${text}`);
  return Object(found);
}

const space = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\r\n',
  '\n\t',
  '   ',
  ' /* c, " */ ',
  ' // c " , }\n',
  '\n// x\r\n  ',
);
const name = fc.oneof(
  fc.constantFrom('env', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_GATEWAY_HINT_HEADERS', 'a', '__proto__'),
  fc.string({ maxLength: 6 }),
);
const scalar = fc
  .oneof(fc.string({ maxLength: 12, unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null))
  .map((value) => JSON.stringify(value));

/** An object as text, with spaces and comments in every place and now and then a trailing comma. */
function objectText(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const member = fc
    .tuple(space, name, space, space, value, space)
    .map(([a, key, b, c, raw, d]) => `${a}${JSON.stringify(key)}${b}:${c}${raw}${d}`);
  return fc
    .tuple(fc.array(member, { maxLength: 4 }), space, fc.boolean())
    .map(([members, inside, comma]) =>
      members.length === 0 ? `{${inside}}` : `{${members.join(',')}${comma ? ',' : ''}${inside}}`,
    );
}

const env = objectText(scalar).map((text) => `"env":${text}`);
/** Settings files of any form: comments and spaces in every place, odd names, marks, trailing commas. */
export const anySettings = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    space,
    objectText(fc.oneof(scalar, objectText(scalar))),
    env,
    fc.boolean(),
    space,
  )
  .map(([bom, before, text, inner, withEnv, after]) => {
    const body = text.replace(/"env"/g, '"other"');
    const whole = withEnv
      ? body.replace('{', /^\{\s*(?:\/[/*].*)?\}$/s.test(body) ? `{${inner}` : `{${inner},`)
      : body;
    return `${bom}${before}${whole}${after}`;
  })
  .filter((text) => {
    const errors: ParseError[] = [];
    parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
    return errors.length === 0;
  });
