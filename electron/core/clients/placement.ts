import { isDeepStrictEqual } from 'node:util';
import { parse } from 'jsonc-parser';
import { AppError } from '../errors.ts';
import { isBlank, removeValue, setValue, wholeValue } from './json-edit.ts';
import { objectAt, parseObject, valueAt } from './json-text.ts';

/** Variable that names the address Claude Code sends its requests to. */
export const ADDRESS = 'ANTHROPIC_BASE_URL';

/** Variable that makes Claude Code say in headers what a request is for. */
export const HINTS = 'CLAUDE_CODE_GATEWAY_HINT_HEADERS';

/** The variables we set, in the order in which they are written. */
export const OUR_NAMES = [ADDRESS, HINTS] as const;

/** See {@link OUR_NAMES}. */
export type OurName = (typeof OUR_NAMES)[number];

/** Values to set. */
export type Wanted = Readonly<Partial<Record<OurName, string>>>;

/** What was there before us: raw JSON per variable we set (null: nothing), and what had to be made. */
export type Before = {
  readonly fileExisted: boolean;
  readonly envExisted: boolean;
  readonly previous: Readonly<Partial<Record<OurName, string | null>>>;
};

const pathOf = (name: string): string[] => ['env', name];

/** Value of a variable in the `env` block; undefined when it is not there. @throws AppError as `valueAt` */
export function variable(text: string, name: string): unknown {
  return valueAt(text, pathOf(name))?.value;
}

/** What a text has in the places of `wanted`. */
export function lookBefore(text: string | null, wanted: Wanted): Before {
  const present = text ?? '';
  const names = OUR_NAMES.filter((name) => wanted[name] !== undefined);
  return {
    fileExisted: text !== null,
    envExisted: objectAt(present, parseObject(present), ['env']) !== null,
    previous: Object.fromEntries(names.map((name) => [name, valueAt(present, pathOf(name))?.raw ?? null])),
  };
}

/**
 * Sets our variables and nothing else.
 * @throws AppError `client_settings_unreadable`; `internal` when anything else would have changed
 */
export function place(text: string, wanted: Wanted): string {
  let next = text;
  for (const name of OUR_NAMES) {
    const value = wanted[name];
    if (value === undefined || variable(next, name) === value) continue;
    next = setValue(next, pathOf(name), JSON.stringify(value));
  }
  return requireRestSame(text, next);
}

/**
 * Takes our variables out again and leaves what others have changed. `isOurs` says whether a value is one that we
 * wrote; such an address is never put back either. Null: nothing is left of a file that we made.
 * @throws AppError as {@link place}
 */
export function undo(
  text: string,
  before: Before,
  isOurs: (name: OurName, value: unknown) => boolean,
): string | null {
  let next = text;
  for (const name of OUR_NAMES) next = undoOne(next, name, before.previous[name] ?? null, isOurs);
  if (!before.envExisted) next = withoutEmptyEnv(next);
  requireRestSame(text, next);
  const root = parseObject(next);
  return !before.fileExisted && root !== null && isBlank(next, root) ? null : next;
}

function undoOne(
  text: string,
  name: OurName,
  previous: string | null,
  isOurs: (name: OurName, value: unknown) => boolean,
): string {
  let next = text;
  const ours = (): boolean => {
    const found = valueAt(next, pathOf(name));
    return found !== null && isOurs(name, found.value);
  };
  if (!ours()) return text;
  const loops = name === ADDRESS && previous !== null && isOurs(name, parse(previous));
  if (previous !== null && !loops) return setValue(next, pathOf(name), previous);
  // A name may stand there twice; what was hidden must not come to light as ours.
  while (ours()) next = removeValue(next, pathOf(name));
  return next;
}

function withoutEmptyEnv(text: string): string {
  const env = objectAt(text, parseObject(text), ['env']);
  return env !== null && isBlank(text, env) ? removeValue(text, ['env']) : text;
}

/** The promise to the user, checked on every change. */
function requireRestSame(before: string, after: string): string {
  if (isDeepStrictEqual(rest(before), rest(after))) return after;
  throw new AppError('internal', 'The settings file could not be changed safely, so it was left as it is.');
}

function rest(text: string): unknown {
  const whole = Object.entries(Object(wholeValue(text)));
  return whole.flatMap(([key, value]) => {
    if (key !== 'env') return [[key, value]];
    const others = Object.entries(Object(value)).filter(([name]) => !OUR_NAMES.some((ours) => ours === name));
    return others.length === 0 ? [] : [[key, others]];
  });
}
