/** What counts as a session id; anything else is ignored. */
const SESSION_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Until Claude Code 2.1.77: `user_<64 hex>_account_<uuid>_session_<uuid>`. */
const OLD_USER_ID = /_session_([A-Za-z0-9-]{1,128})$/;

/** A value if it has the form of a session (or agent) id, else null. */
export function sessionIdOf(value: unknown): string | null {
  return typeof value === 'string' && SESSION_ID.test(value) ? value : null;
}

/**
 * The session inside `metadata.user_id`: the end of the old form, or `session_id` of the JSON text that Claude
 * Code has sent since 2.1.78. Null when there is none.
 */
export function sessionInUserId(userId: unknown): string | null {
  if (typeof userId !== 'string' || userId.length > 4096) return null;
  if (!userId.startsWith('{')) return sessionIdOf(OLD_USER_ID.exec(userId)?.[1]);
  try {
    const parsed: unknown = JSON.parse(userId);
    return typeof parsed === 'object' && parsed !== null && 'session_id' in parsed
      ? sessionIdOf(parsed.session_id)
      : null;
  } catch {
    return null;
  }
}
