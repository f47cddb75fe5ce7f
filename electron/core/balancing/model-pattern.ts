const patterns = new Map<string, RegExp>();

/** Patterns remembered; there are as many as routes and account-bound models. */
const MAX_PATTERNS = 200;

/** Whether a model's name fits a pattern, in which `*` stands for any characters. Case does not matter. */
export function modelFits(pattern: string, model: string): boolean {
  let known = patterns.get(pattern);
  if (known === undefined) {
    const text = pattern.split('*').map(escaped).join('.*');
    known = new RegExp(`^${text}$`, 'i');
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(pattern, known);
  }
  return known.test(model);
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}
