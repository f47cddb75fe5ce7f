import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { EngineStore } from '../core/store-ports.ts';
import { createAccountStore } from './account-store.ts';
import { createAgentPreferenceStore } from './agent-preference-store.ts';
import { createAuditStore } from './audit-store.ts';
import { createBindingStore } from './binding-store.ts';
import { createClientKeyStore } from './client-key-store.ts';
import { createLimitStore } from './limit-store.ts';
import { migrate } from './migrate.ts';
import { ENGINE_MIGRATIONS } from './migrations/index.ts';
import { createOauthSessionStore } from './oauth-session-store.ts';
import { openDatabase } from './open-database.ts';
import { createPinStore } from './pin-store.ts';
import { createReadingHistoryStore } from './reading-history-store.ts';
import { createResourceStore } from './resource-store.ts';
import { ENGINE_FILE } from './rows.ts';
import { createSettingsStore } from './settings-store.ts';
import { createSpendStore } from './spend-store.ts';
import { toDatabaseError } from './sqlite-error.ts';
import { createUsageCheckStore } from './usage-check-store.ts';

/**
 * Opens or makes `ccflare.db` in the data folder and brings it up to date. It is small, so it is checked as a whole.
 * Every call of the repositories throws AppError with a store code when the file cannot be used.
 * @throws AppError `database_damaged`, `database_newer`, `database_busy` or `data_dir_unusable`.
 */
export function openEngineStore(dataDir: string): EngineStore {
  const db = openDatabase(join(dataDir, ENGINE_FILE), { secureDelete: true, check: true });
  try {
    migrate(db, ENGINE_MIGRATIONS);
    return repositories(db);
  } catch (error) {
    db.close();
    throw toDatabaseError(error, ENGINE_FILE);
  }
}

function repositories(db: Database): EngineStore {
  return {
    accounts: coded(createAccountStore(db)),
    clientKeys: coded(createClientKeyStore(db)),
    settings: coded(createSettingsStore(db)),
    limits: coded(createLimitStore(db)),
    bindings: coded(createBindingStore(db)),
    resources: coded(createResourceStore(db)),
    audit: coded(createAuditStore(db)),
    oauthSessions: coded(createOauthSessionStore(db)),
    agentPreferences: coded(createAgentPreferenceStore(db)),
    readingHistory: coded(createReadingHistoryStore(db)),
    spend: coded(createSpendStore(db)),
    pins: coded(createPinStore(db)),
    usageChecks: coded(createUsageCheckStore(db)),
    transaction: (work) => withCode(() => db.transaction(work).immediate()),
    close() {
      try {
        db.pragma('optimize');
      } finally {
        db.close();
      }
    },
  };
}

function withCode<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toDatabaseError(error, ENGINE_FILE);
  }
}

/** The same repository, whose errors carry our codes. */
function coded<T extends object>(repository: T): T {
  return new Proxy(repository, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...argumentList: unknown[]) => withCode(() => Reflect.apply(method, target, argumentList));
    },
  });
}
