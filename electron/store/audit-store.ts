import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { AuditRow, AuditStore } from '../core/store-ports.ts';
import { parseRow } from './rows.ts';

const rowSchema: z.ZodType<AuditRow> = z.object({
  id: z.number(),
  at: z.number(),
  actor: z.enum(['dashboard', 'tray', 'provision', 'proxy', 'app']),
  action: z.string(),
  subject: z.string().nullable(),
  outcome: z.enum(['ok', 'refused', 'failed']),
  detail: z.string().nullable(),
});

/** Audit entries in `ccflare.db`. `list` pages by id, newest first; `prune` goes by time. */
export function createAuditStore(db: Database): AuditStore {
  const append = db.prepare(`
    INSERT INTO audit (at, actor, action, subject, outcome, detail)
    VALUES (@at, @actor, @action, @subject, @outcome, @detail)`);
  const newest = db.prepare<[number]>('SELECT * FROM audit ORDER BY id DESC LIMIT ?');
  const older = db.prepare<[number, number]>('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?');
  const prune = db.prepare<[number]>('DELETE FROM audit WHERE at < ?');
  return {
    append: (row) => void append.run(row),
    list: (before, limit) =>
      (before === null ? newest.all(limit) : older.all(before, limit)).map((row) => parseRow(rowSchema, row)),
    prune: (before) => void prune.run(before),
  };
}
