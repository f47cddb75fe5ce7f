import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { EXHAUSTION_WAYS } from '../../shared/settings.ts';
import type { ClientKeyRow, ClientKeyStore } from '../core/store-ports.ts';
import { blob, parseRow, sealedFrom } from './rows.ts';

const rowSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    hash: blob,
    hint: z.string(),
    sealed_key: blob.nullable(),
    sealed_key_key: z.string().nullable(),
    created_at: z.number(),
    last_used_at: z.number().nullable(),
    revoked_at: z.number().nullable(),
    exhaustion: z.enum(EXHAUSTION_WAYS).nullable(),
    purpose: z.enum(['claude-code']).nullable(),
  })
  .transform(
    (row): ClientKeyRow => ({
      id: row.id,
      name: row.name,
      hash: row.hash,
      hint: row.hint,
      sealedKey: sealedFrom(row.sealed_key, row.sealed_key_key),
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      revokedAt: row.revoked_at,
      exhaustion: row.exhaustion,
      purpose: row.purpose,
    }),
  );

/** Local client keys in `ccflare.db`. */
export function createClientKeyStore(db: Database): ClientKeyStore {
  const list = db.prepare('SELECT * FROM client_keys ORDER BY created_at, id');
  const one = db.prepare('SELECT * FROM client_keys WHERE id = ?');
  const put = db.prepare(`
    INSERT INTO client_keys
      (id, name, hash, hint, sealed_key, sealed_key_key, created_at, last_used_at, revoked_at, exhaustion, purpose)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, hash = excluded.hash, hint = excluded.hint,
      sealed_key = excluded.sealed_key, sealed_key_key = excluded.sealed_key_key,
      last_used_at = excluded.last_used_at, revoked_at = excluded.revoked_at,
      exhaustion = excluded.exhaustion, purpose = excluded.purpose`);
  const write = (row: ClientKeyRow): void => {
    const sealed = [row.sealedKey?.bytes ?? null, row.sealedKey?.keyId ?? null];
    const times = [row.createdAt, row.lastUsedAt, row.revokedAt];
    put.run(row.id, row.name, row.hash, row.hint, ...sealed, ...times, row.exhaustion, row.purpose);
  };
  const update = db.transaction((id: string, change: Partial<Omit<ClientKeyRow, 'id'>>) => {
    const row = one.get(id);
    if (row !== undefined) write({ ...parseRow(rowSchema, row), ...change });
  });
  return {
    list: () => list.all().map((row) => parseRow(rowSchema, row)),
    insert: write,
    update: (id, change) => update.immediate(id, change),
  };
}
