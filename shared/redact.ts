/** What stands in place of a secret. */
const MARK = '[redacted]';

/** Fields whose value is a secret whatever it looks like; `_?` covers camel case too. */
const SECRET_FIELDS = [
  '(?:access|refresh|id|bearer)_?token',
  'code_?verifier',
  'client_?secret',
  'api_?key',
  'raw_?key',
  'passphrase',
  'password',
  'x-api-key',
  'x-ccflare-key',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
].join('|');

/** Fields that hold a secret in OAuth messages and a plain word (`port_in_use`, `404`) elsewhere. */
const DOUBTFUL_FIELDS = 'code|state|token';

/** A value of a doubtful field that reads like a name, an error code or a number. */
const PLAIN_WORD = /^(?:[a-z]+(?:[_-][a-z]+){0,6}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){0,6}|\d{1,6})$/;

/** Longest plain word; authorization codes are longer. */
const PLAIN_LENGTH = 40;

/**
 * `field: value` as in JSON (at any depth of quoting), headers, forms and log lines. Groups: everything before the
 * value, the quote that opens the value, the value. Nothing in it can match one text in two ways, so that time
 * stays linear.
 */
const fieldRule = (fields: string): RegExp =>
  new RegExp(
    String.raw`((?<![A-Za-z0-9_-])(?:${fields})\\*["']?\s{0,8}[:=]\s{0,8})(?:(\\*["'])([^"']*)|([^\s"'\\,;&<>(){}[\]]+))`,
    'gi',
  );

/** Whole header lines: their values hold spaces and semicolons. */
const HEADER_LINE = /((?<![\w-])(?:proxy-authorization|authorization|set-cookie|cookie): ?)[^\r\n"'\\]+/gi;

/** Secrets known by their form, wherever they stand. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/\bsk-ant-[\w-]+/gi, `sk-ant-${MARK}`],
  [/\bsk-[\w-]{16,}/g, `sk-${MARK}`],
  [/cck_[\w~.-]+/g, `cck_${MARK}`],
  [/\/k\/[^/?#\s"'\\<>[\]]+/g, `/k/${MARK}`],
  [/\b(bearer|basic)(\s{1,4})[^\s"',;\\<>[\]]+/gi, `$1$2${MARK}`],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, MARK],
];

const SECRET_RULE = fieldRule(SECRET_FIELDS);
const DOUBTFUL_RULE = fieldRule(DOUBTFUL_FIELDS);

/**
 * Takes secrets out of a text that is about to be written down: provider keys and tokens, local client keys (also
 * as `/k/<key>`), authorization headers, and the values of fields that hold secrets. Pure and idempotent. It stands
 * in front of the log file as the last guard: callers pass no secrets in the first place.
 */
export function redact(text: string): string {
  let clean = text.replace(HEADER_LINE, `$1${MARK}`);
  for (const [form, replacement] of FORMS) clean = clean.replace(form, replacement);
  clean = clean.replace(SECRET_RULE, replaceValue);
  return clean.replace(DOUBTFUL_RULE, (whole, before, quote, quoted, bare) =>
    isPlain(quoted ?? bare ?? '') ? whole : replaceValue(whole, before, quote),
  );
}

function replaceValue(_whole: string, before: string, quote: string | undefined): string {
  // The closing quote is not part of the match; where it was escaped, its backslashes were taken with the value.
  return `${before}${quote ?? ''}${MARK}${quote?.slice(0, -1) ?? ''}`;
}

function isPlain(value: string): boolean {
  const word = value.replace(/\\+$/, '');
  return word.length <= PLAIN_LENGTH && PLAIN_WORD.test(word);
}
