import type { SettingsPatch } from '../../shared/settings.ts';
import type { CallHandlers } from '../../shared/thread-rpc.ts';
import type { Actor } from '../core/ports.ts';
import type { EngineCalls } from '../core/thread-contract.ts';
import type { Rooms } from './engine-rooms.ts';
import { type ImportDeps, lookAtImport, takeImport } from './import-accounts.ts';

type ImportCalls = 'import.look' | 'import.take';

/** The engine's part of an import: accounts, settings and preferences of a copied database. */
export function importCalls(
  rooms: () => Rooms,
  patchSettings: (change: SettingsPatch, actor: Actor) => Promise<unknown>,
): Pick<CallHandlers<EngineCalls>, ImportCalls> {
  const deps = (): ImportDeps => ({ ...rooms(), patchSettings });
  return {
    'import.look': (where) => lookAtImport(deps(), where),
    'import.take': (given) => takeImport(deps(), given),
  };
}
