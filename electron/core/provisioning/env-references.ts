import { AppError } from '../errors.ts';

/** Fields whose value may be `env:NAME`. */
const SECRET_FIELDS = new Set(['key', 'apiKey', 'accessToken', 'refreshToken']);

const REFERENCE = /^env:(.*)$/s;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Puts the variables' values in the place of `env:NAME`. @throws AppError `file_invalid` naming field and variable */
export function withEnvironment(value: unknown, env: Record<string, string | undefined>, path = ''): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => withEnvironment(item, env, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([field, inner]) => {
    const here = path === '' ? field : `${path}.${field}`;
    const secret = typeof inner === 'string' && SECRET_FIELDS.has(field);
    return [field, secret ? resolve(inner, env, here) : withEnvironment(inner, env, here)];
  });
  return Object.fromEntries(fields);
}

function resolve(text: string, env: Record<string, string | undefined>, path: string): string {
  const name = REFERENCE.exec(text)?.[1];
  if (name === undefined) return text;
  if (!NAME.test(name)) {
    throw new AppError('file_invalid', `Provision file, ${path}: after "env:" comes the name of a variable.`);
  }
  const found = env[name];
  if (found !== undefined && found.trim() !== '') return found;
  throw new AppError(
    'file_invalid',
    `Provision file, ${path}: the environment variable ${name} is not set. Set it or write the value itself.`,
  );
}
