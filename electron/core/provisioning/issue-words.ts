import type { z } from 'zod';

/**
 * Says where a file is wrong and what is expected there. Messages of zod that would repeat what the file holds
 * (a discriminator, an enum's input) are replaced, and names of unknown fields are not repeated either, since a
 * secret may have been put in the wrong place.
 */
export function issueWords(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'something in it is not valid';
  return `${placeOf(issue.path)}: ${expectation(issue)}`;
}

function placeOf(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'top level' : text;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'has a field that is not known here';
  if (issue.code === 'invalid_union') return 'expected "api-key" or "oauth"';
  return issue.message;
}
