/** Prefix of the cooldown buckets that keep one model from an account (`model:claude-opus-5-5`). */
const MODEL_BUCKET = 'model:';

/** Cooldown bucket that covers everything an account could do. */
export const WHOLE_ACCOUNT = '*';

/** Words for the windows and pools that are known by name; others are shown by their own name. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ['unified', 'plan limit'],
  ['5h', '5-hour window'],
  ['7d', 'week'],
  ['7d_opus', 'Opus week'],
  ['7d_sonnet', 'Sonnet week'],
  ['7d_oi', 'Fable week'],
  ['overage', 'paid overage'],
  ['slow', 'slow lane'],
  ['requests', 'requests'],
  ['tokens', 'tokens'],
  ['input-tokens', 'input tokens'],
  ['output-tokens', 'output tokens'],
  ['priority-input-tokens', 'priority input tokens'],
  ['priority-output-tokens', 'priority output tokens'],
  ['fast-input-tokens', 'fast-mode input tokens'],
  ['fast-output-tokens', 'fast-mode output tokens'],
]);

/** Models that a weekly window of its own counts (unified rate-limit headers; `7d_oi` is Fable's). */
const FAMILIES: ReadonlyMap<string, RegExp> = new Map([
  ['7d_opus', /opus/i],
  ['7d_sonnet', /sonnet/i],
  ['7d_oi', /fable|mythos/i],
]);

/** What the header `representative-claim` calls the windows. */
const CLAIMS: ReadonlyMap<string, string> = new Map([
  ['five_hour', '5h'],
  ['seven_day', '7d'],
  ['seven_day_opus', '7d_opus'],
  ['seven_day_sonnet', '7d_sonnet'],
  ['seven_day_overage_included', '7d_oi'],
  ['overage', 'overage'],
]);

/** Mark of a request for the long context, behind its model's name as clients write it. */
const LONG_CONTEXT = '[1m]';

/** Between a window and the model that it is known to count; no name of a window has one. */
const OF_MODEL = '/';

/** Windows inside one of the plan's, such as the week of a model. */
const PART_WINDOW = /^(?:5h|7d)_/;

/** Plain words for a bucket of limits. */
export function bucketLabel(bucket: string): string {
  if (bucket === WHOLE_ACCOUNT) return 'account';
  if (bucket.startsWith(MODEL_BUCKET)) {
    const name = bucket.slice(MODEL_BUCKET.length);
    return name.endsWith(LONG_CONTEXT) ? `${withoutMark(name)} with long context` : name;
  }
  const [window, model] = windowAndModel(bucket);
  if (model !== null) return `${bucketLabel(window)} (${model})`;
  return LABELS.get(bucket) ?? bucket.replaceAll(/[_-]+/g, ' ');
}

/** The window that a `representative-claim` names; unknown claims stand for themselves. */
export function bucketOfClaim(claim: string): string {
  return CLAIMS.get(claim) ?? claim;
}

/** The window of the plan that a `representative-claim` names, as far as it is known; else null. */
export function claimedWindow(claim: string | undefined): string | null {
  const bucket = CLAIMS.get(claim ?? '');
  return bucket !== undefined && isPlanWindow(bucket) ? bucket : null;
}

/** Whether a window counts some models only, so that others stay usable when it is spent. */
export function isModelWindow(bucket: string): boolean {
  return FAMILIES.has(bucket);
}

/** Whether a window counts a part of the plan of which nobody knows the models: a week that is new, say. */
export function isPartOfPlan(bucket: string): boolean {
  return PART_WINDOW.test(bucket) && !isModelWindow(bucket);
}

/** Cooldown bucket of a window for one model, which is all that is known to be counted by it. */
export function windowOfModel(window: string, model: string): string {
  return window + OF_MODEL + model.toLowerCase();
}

/** A bucket taken apart; the model is null for all but those of {@link windowOfModel}. */
function windowAndModel(bucket: string): readonly [window: string, model: string | null] {
  const end = PART_WINDOW.test(bucket) ? bucket.indexOf(OF_MODEL) : -1;
  return end === -1 ? [bucket, null] : [bucket.slice(0, end), bucket.slice(end + 1)];
}

/** The plan's overall state, what is bought besides it, and the lane for patient requests. */
const NO_WINDOW: ReadonlySet<string> = new Set(['unified', 'overage', 'slow']);

/** Whether a bucket is a window of the plan that may run full. */
export function isPlanWindow(bucket: string): boolean {
  return !NO_WINDOW.has(bucket);
}

/** Cooldown bucket of a single model. */
export function modelBucket(model: string): string {
  return MODEL_BUCKET + model.toLowerCase();
}

/**
 * What a request is for rests: its model, marked where it asks for the long context. An account may lack the credits
 * for that and serve the model all the same.
 */
export function askedOf(request: {
  readonly model: string | null;
  readonly longContext?: boolean;
}): string | null {
  const { model, longContext = false } = request;
  return model === null || !longContext ? model : model + LONG_CONTEXT;
}

function withoutMark(asked: string): string {
  return asked.endsWith(LONG_CONTEXT) ? asked.slice(0, -LONG_CONTEXT.length) : asked;
}

/**
 * Whether a rest of `bucket` keeps an account from serving a request; `asked`: its model or {@link askedOf}. A request
 * without model meets whole rests only.
 */
export function bucketCovers(bucket: string, asked: string | null): boolean {
  if (bucket === WHOLE_ACCOUNT) return true;
  if (asked === null) return false;
  const model = withoutMark(asked);
  if (bucket.startsWith(MODEL_BUCKET)) return bucket === modelBucket(asked) || bucket === modelBucket(model);
  const [, counted] = windowAndModel(bucket);
  if (counted !== null) return counted === model.toLowerCase();
  // A window of unknown scope is taken to cover everything: no request is worth a second refusal.
  return FAMILIES.get(bucket)?.test(model) ?? true;
}

/** Whether a rest is the memory of one refused model, as opposed to a limit with an end. */
export function isModelBucket(bucket: string): boolean {
  return bucket.startsWith(MODEL_BUCKET);
}

/** Whether the name of a bucket comes from a client, who could name models without end. */
export function namesModel(bucket: string): boolean {
  return isModelBucket(bucket) || windowAndModel(bucket)[1] !== null;
}
