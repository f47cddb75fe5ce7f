import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { AgentPreferenceStore } from '../core/store-ports.ts';
import { parseRow } from './rows.ts';

type Preference = Parameters<AgentPreferenceStore['put']>[0][number];

const rowSchema = z
  .object({ agent_id: z.string(), model: z.string(), updated_at: z.number() })
  .transform((row): Preference => ({ agentId: row.agent_id, model: row.model, updatedAt: row.updated_at }));

/** Models chosen per agent, in `ccflare.db`; of two for one agent the newer stays. */
export function createAgentPreferenceStore(db: Database): AgentPreferenceStore {
  const list = db.prepare('SELECT * FROM agent_preferences ORDER BY agent_id');
  const put = db.prepare(`
    INSERT INTO agent_preferences VALUES (@agentId, @model, @updatedAt)
    ON CONFLICT (agent_id) DO UPDATE SET model = excluded.model, updated_at = excluded.updated_at
    WHERE excluded.updated_at >= updated_at`);
  const putAll = db.transaction((rows: readonly Preference[]) => {
    for (const { agentId, model, updatedAt } of rows) put.run({ agentId, model, updatedAt });
  });
  return {
    list: () => list.all().map((row) => parseRow(rowSchema, row)),
    put: (rows) => putAll(rows),
  };
}
