import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { RequestRow } from '../../../shared/request-record.ts';
import { recentQuery } from '../../api/queries.ts';
import { navigate } from '../../app/routes.ts';
import { useRowKeys } from '../../app/use-row-keys.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { FilterBar } from './filter-bar.tsx';
import { RequestDetail } from './request-detail.tsx';
import { RequestGrid } from './request-list.tsx';
import { useRequestFilter } from './use-request-filter.ts';
import { type RequestList, useRequestList } from './use-request-list.ts';

const open = (id: string) => navigate('requests', id);
const close = () => navigate('requests');

/** The live log: filter, list, and the detail of one request beside it. `text` is a filter asked for by address. */
export function RequestsPage({ openId, text }: { openId: string | null; text: string | null }) {
  const { fields, filter, isFiltered, change, clear } = useRequestFilter(text);
  const list = useRequestList(filter);
  const models = useModels(list.rows, fields.model);
  const cursor = useRowCursor(list.rows, openId);
  useRowKeys(cursor);
  return (
    <div className="requests" data-open={openId !== null || undefined}>
      <div className="request-pane">
        <FilterBar
          fields={fields}
          models={models}
          isFiltered={isFiltered}
          onChange={change}
          onClear={clear}
        />
        {list.error && (
          <ErrorPanel title="The request log could not be read." error={list.error} onRetry={list.retry} />
        )}
        <ListBody list={list} isFiltered={isFiltered} onClear={clear} selectedId={cursor.selectedId} />
      </div>
      {openId !== null && <RequestDetail key={openId} id={openId} onClose={close} />}
    </div>
  );
}

type ListBodyProps = {
  list: RequestList;
  isFiltered: boolean;
  onClear: () => void;
  selectedId: string | null;
};

function ListBody({ list, isFiltered, onClear, selectedId }: ListBodyProps) {
  if (list.isLoading) return <Skeleton rows={12} height={16} />;
  if (list.rows.length > 0) return <RequestGrid list={list} selectedId={selectedId} onOpen={open} />;
  if (list.error) return null;
  if (isFiltered) {
    return (
      <EmptyState title="No request matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
        Nothing in the log fits all parts of the filter.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No requests yet"
      action={
        <Button look="primary" onClick={() => navigate('overview')}>
          Set up a client
        </Button>
      }
    >
      Each request through ccflare appears here as it happens: where it went and why, its tokens and its cost.
    </EmptyState>
  );
}

/** The row the keyboard is on. It is kept by id, so rows that arrive above do not move it. */
function useRowCursor(rows: RequestRow[], openId: string | null) {
  const [cursorId, setCursorId] = useState<string | null>(null);
  const selectedId = openId ?? cursorId;
  const onMove = (step: 1 | -1) => {
    const index = rows.findIndex((row) => row.id === selectedId);
    const next = rows[index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step))];
    if (!next) return;
    setCursorId(next.id);
    if (openId !== null) open(next.id);
  };
  const onBack = () => {
    if (openId === null) setCursorId(null);
    else {
      setCursorId(openId);
      close();
    }
  };
  const onOpen = () => {
    if (selectedId !== null) open(selectedId);
  };
  return { selectedId, onMove, onOpen, onBack };
}

/** Models to choose from: those seen lately and the one that is chosen. */
function useModels(rows: RequestRow[], chosen: string | null): string[] {
  const recent = useQuery(recentQuery).data;
  return useMemo(() => {
    const seen = [...(recent ?? []), ...rows].map((row) => row.model);
    const models = [...seen, chosen].filter((model) => model !== null);
    return [...new Set(models)].sort();
  }, [recent, rows, chosen]);
}
