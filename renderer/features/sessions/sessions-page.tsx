import { useMemo, useState } from 'react';
import { useSlice } from '../../api/queries.ts';
import { showError, showNotice } from '../../api/toasts.ts';
import { navigate, requestsHref } from '../../app/routes.ts';
import { SearchField } from '../../app/search-field.tsx';
import { useRowKeys } from '../../app/use-row-keys.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Select } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SessionGrid } from './session-grid.tsx';
import { fitsFilter, type SessionRow, shortId } from './session-rows.ts';
import { type SessionQuestion, SessionWishDialog } from './session-wish-dialog.tsx';
import { useSessionAction } from './use-session-action.ts';
import { type SessionList, useSessionList } from './use-session-list.ts';

const SPANS = [
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last 24 hours' },
  { value: '168', label: 'Last 7 days' },
] as const;

type Span = (typeof SPANS)[number]['value'];

const openRequests = (id: string) => {
  window.location.hash = requestsHref(id);
};

/** The board of client sessions: where each is, what it costs, how often it moved; and the user's wishes about it. */
export function SessionsPage() {
  const [span, setSpan] = useState<Span>('24');
  const [text, setText] = useState('');
  const list = useSessionList(Number(span));
  const rows = useFiltered(list.rows, text);
  const { question, ask, close } = useQuestion();
  const [selectedId, select] = useRowCursor(rows, ask);
  return (
    <div className="requests sessions">
      <div className="request-pane">
        <search className="filter-bar">
          <h1>Sessions</h1>
          <SearchField
            label="Filter sessions"
            placeholder="Session, project, account"
            text={text}
            onChange={setText}
          />
          <Select label="Time" value={span} options={SPANS} onChange={setSpan} />
        </search>
        {list.error && (
          <ErrorPanel title="The sessions could not be read." error={list.error} onRetry={list.retry} />
        )}
        <Body
          list={list}
          rows={rows}
          selectedId={selectedId}
          onSelect={select}
          onAsk={ask}
          onClear={() => setText('')}
        />
      </div>
      {question && <Question question={question} rows={list.rows} onClose={close} />}
    </div>
  );
}

type BodyProps = {
  list: SessionList;
  rows: readonly SessionRow[];
  selectedId: string | null;
  onSelect: (id: string) => void;
  onAsk: (question: SessionQuestion) => void;
  onClear: () => void;
};

function Body({ list, rows, selectedId, onSelect, onAsk, onClear }: BodyProps) {
  const accounts = useSlice('accounts');
  if (list.isLoading) return <Skeleton rows={10} height={28} />;
  if (rows.length > 0) {
    const actions = { onSelect, onAsk, onOpen: openRequests };
    return <SessionGrid rows={rows} accounts={accounts} selectedId={selectedId} {...actions} />;
  }
  if (list.error) return null;
  if (list.rows.length > 0) {
    return (
      <EmptyState title="No session matches" action={<Button onClick={onClear}>Clear the filter</Button>}>
        Nothing on the board fits all words of the filter.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No sessions in this time"
      action={
        <Button look="primary" onClick={() => navigate('clients')}>
          Set up a client
        </Button>
      }
    >
      A session is a conversation of one client. It appears here with its first request that names it, as
      Claude Code does: which account it is bound to, what it costs, and whether it had to move.
    </EmptyState>
  );
}

function useFiltered(rows: readonly SessionRow[], text: string): readonly SessionRow[] {
  const accounts = useSlice('accounts');
  return useMemo(() => {
    const nameOf = new Map(accounts.map(({ id, name }) => [id, name]));
    return rows.filter((row) => {
      const names = row.accountIds.map((id) => nameOf.get(id) ?? row.lastAccountName ?? '');
      return fitsFilter(row, names, text.trim());
    });
  }, [rows, accounts, text]);
}

/** The question that is open. A release needs none: it is done at once. */
function useQuestion() {
  const [question, setQuestion] = useState<SessionQuestion | null>(null);
  const release = useSessionAction('sessions.release', (error) =>
    showError('Could not release the session', error),
  );
  const ask = (next: SessionQuestion) => {
    if (next.kind !== 'release') setQuestion(next);
    else {
      const done = `Session ${shortId(next.sessionId)} is routed anew with its next request`;
      release.mutate({ sessionId: next.sessionId }, { onSuccess: () => showNotice(done) });
    }
  };
  return { question, ask, close: () => setQuestion(null) };
}

type QuestionProps = { question: SessionQuestion; rows: readonly SessionRow[]; onClose: () => void };

function Question({ question: { kind, sessionId }, rows, onClose }: QuestionProps) {
  const accounts = useSlice('accounts');
  const row = rows.find(({ id }) => id === sessionId);
  if (row === undefined || kind === 'release') return null;
  return <SessionWishDialog kind={kind} row={row} accounts={accounts} onClose={onClose} />;
}

/** The row the keyboard is on, kept by id, and the keys of the page. */
function useRowCursor(rows: readonly SessionRow[], ask: (question: SessionQuestion) => void) {
  const [selectedId, select] = useState<string | null>(null);
  const chosen = rows.find(({ id }) => id === selectedId);
  const isPinned = chosen !== undefined && chosen.pinnedTo !== null;
  const about = (kind: SessionQuestion['kind']) => () => {
    if (chosen) ask({ kind, sessionId: chosen.id });
  };
  useRowKeys({
    onMove: (step) => {
      const index = rows.findIndex(({ id }) => id === selectedId);
      const next = rows[index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step))];
      if (next) select(next.id);
    },
    onOpen: () => {
      if (chosen) openRequests(chosen.id);
    },
    onBack: () => select(null),
    // A stray key must not cost a session its cache: by key only a pin is taken away.
    others: { m: about('move'), p: about('pin'), ...(isPinned && { r: about('release') }) },
  });
  return [selectedId, select] as const;
}
