import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SIGN_IN_MODES } from '../../shared/sign-in.ts';
import type { OauthSessionRow, OauthSessionStore } from '../core/store-ports.ts';
import { blob, parseRow } from './rows.ts';

const rowSchema = z
  .object({
    id: z.string(),
    mode: z.enum(SIGN_IN_MODES),
    state: z.string(),
    verifier: blob,
    verifier_key: z.string(),
    redirect_uri: z.string(),
    account_id: z.string().nullable(),
    created_at: z.number(),
    expires_at: z.number(),
  })
  .transform(
    (row): OauthSessionRow => ({
      id: row.id,
      mode: row.mode,
      state: row.state,
      verifier: { keyId: row.verifier_key, bytes: row.verifier },
      redirectUri: row.redirect_uri,
      accountId: row.account_id,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }),
  );

/** Pending sign-ins in `ccflare.db`. A verifier is overwritten before its row is deleted. */
export function createOauthSessionStore(db: Database): OauthSessionStore {
  const insert = db.prepare(`
    INSERT INTO oauth_sessions
      (id, mode, state, verifier, verifier_key, redirect_uri, account_id, created_at, expires_at)
    VALUES (@id, @mode, @state, @verifier, @verifierKey, @redirectUri, @accountId, @createdAt, @expiresAt)`);
  const find = db.prepare<[string]>('SELECT * FROM oauth_sessions WHERE id = ?');
  const overwrite = 'UPDATE oauth_sessions SET verifier = zeroblob(length(verifier))';
  const overwriteOne = db.prepare<[string]>(`${overwrite} WHERE id = ?`);
  const removeOne = db.prepare<[string]>('DELETE FROM oauth_sessions WHERE id = ?');
  const overwriteEnded = db.prepare<[number]>(`${overwrite} WHERE expires_at < ?`);
  const removeEnded = db.prepare<[number]>('DELETE FROM oauth_sessions WHERE expires_at < ?');
  const taking = db.transaction((id: string): unknown => {
    const row = find.get(id);
    if (row === undefined) return null;
    overwriteOne.run(id);
    removeOne.run(id);
    return row;
  });
  const removal = db.transaction((now: number) => {
    overwriteEnded.run(now);
    removeEnded.run(now);
  });
  return {
    insert({ verifier, ...row }) {
      insert.run({ ...row, verifier: verifier.bytes, verifierKey: verifier.keyId });
    },
    take(id) {
      const row = taking.immediate(id);
      return row === null ? null : parseRow(rowSchema, row);
    },
    removeExpired: (now) => void removal.immediate(now),
  };
}
