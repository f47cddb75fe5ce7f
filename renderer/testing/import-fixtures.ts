import type {
  ImportAccount,
  ImportPreview,
  ImportResult,
  ImportSource,
  ImportState,
} from '../../shared/import.ts';
import { DAY, HOUR, NOW } from './fixtures.ts';

/** The database of an old installation, where it usually is. */
export function makeImportSource(overrides: Partial<ImportSource> = {}): ImportSource {
  return {
    id: 'src-home',
    product: 'ccflare',
    path: '/home/sam/.config/ccflare/ccflare.db',
    bytes: 48 * 1024 * 1024,
    changedAt: NOW - 2 * HOUR,
    ...overrides,
  };
}

export function makeImportAccount(overrides: Partial<ImportAccount> = {}): ImportAccount {
  return {
    sourceId: 'old-1',
    name: 'main',
    kind: 'oauth',
    priority: 0,
    paused: false,
    renamedTo: null,
    skipped: null,
    note: 'Its login is shared with the old program; only one of the two can renew it.',
    ...overrides,
  };
}

/** Three accounts that come (one under another name) and one that does not. */
export function makeImportPreview(overrides: Partial<ImportPreview> = {}): ImportPreview {
  return {
    source: makeImportSource(),
    accounts: [
      makeImportAccount(),
      makeImportAccount({ sourceId: 'old-2', name: 'console', kind: 'api-key', priority: 10, note: null }),
      makeImportAccount({
        sourceId: 'old-3',
        name: 'work',
        kind: 'api-key',
        paused: true,
        renamedTo: 'work 2',
        note: null,
      }),
      makeImportAccount({
        sourceId: 'old-4',
        name: 'zai',
        kind: null,
        skipped: 'It belongs to another provider.',
        note: null,
      }),
    ],
    settings: [{ key: 'sessionDurationMs', value: '5 h', note: null }],
    agentPreferences: 2,
    requests: { count: 12_400, oldestAt: NOW - 60 * DAY, newestAt: NOW - 2 * HOUR },
    skipped: [{ what: 'Request and response bodies', count: 12_400, reason: 'They hold credentials.' }],
    warnings: ['The file holds tokens in clear.'],
    ...overrides,
  };
}

export function makeImportResult(overrides: Partial<ImportResult> = {}): ImportResult {
  return {
    accountsAdded: 3,
    accountsSkipped: 1,
    settingsTaken: 1,
    agentPreferences: 2,
    requestsAdded: 12_390,
    requestsKnown: 0,
    requestsBroken: 10,
    ...overrides,
  };
}

export function makeImportState(overrides: Partial<ImportState> = {}): ImportState {
  return {
    sourceId: 'src-home',
    phase: 'running',
    requestsDone: 0,
    requestsTotal: 12_400,
    result: null,
    error: null,
    ...overrides,
  };
}
