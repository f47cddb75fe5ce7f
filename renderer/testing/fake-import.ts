import type { Handlers, World } from './fake-world.ts';
import { makeImportPreview, makeImportSource, makeImportState } from './import-fixtures.ts';

/**
 * Imports without databases. One old database is found and another one can be chosen. A run stays at its first
 * step until a test moves it on with `bridge.change({ import: makeImportState({ ... }) })`.
 */
export function importHandlers({ state, change }: World) {
  const chosen = makeImportSource({ id: 'src-chosen', path: '/media/backup/claude.db' });
  let sources = [makeImportSource(), chosen];
  const sourceOf = (id: string) => sources.find((source) => source.id === id) ?? makeImportSource({ id });
  return {
    'import.find': () => sources.filter((source) => source.id !== chosen.id),
    'import.choose': () => chosen,
    'import.preview': ({ sourceId }) => {
      change({ import: makeImportState({ sourceId, phase: 'ready' }) });
      return makeImportPreview({ source: sourceOf(sourceId) });
    },
    'import.run': ({ sourceId, requests }) => {
      const requestsTotal = requests ? makeImportPreview().requests.count : 0;
      change({ import: makeImportState({ sourceId, phase: 'running', requestsTotal }) });
      return null;
    },
    'import.cancel': () => {
      const now = state().import;
      if (now) change({ import: { ...now, phase: 'cancelled' } });
      return null;
    },
    'import.deleteSource': ({ sourceId }) => {
      sources = sources.filter((source) => source.id !== sourceId);
      return null;
    },
  } satisfies Partial<Handlers>;
}
