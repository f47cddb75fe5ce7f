import { memo } from 'react';
import { formatDuration, formatMoney, formatTokens } from '../../../shared/format.ts';
import type { RequestRow, Usage } from '../../../shared/request-record.ts';
import { isFine } from '../../api/matches-filter.ts';
import { colourOf } from '../../components/colour-of.ts';
import { OutcomeMark } from '../../components/outcome-mark.tsx';
import { Time } from '../../components/time.tsx';
import { GridCell } from './grid-parts.tsx';

const NONE = '–';

type RequestRowLineProps = {
  row: RequestRow;
  /** 0-based place in the list. */
  index: number;
  /** Distance from the top of the list, px. */
  offset: number;
  selected: boolean;
  onOpen: (id: string) => void;
};

/** Id of a row's element, for `aria-activedescendant`. */
export const rowElementId = (id: string): string => `request-${id}`;

/** One line of the log. Memoised: only its own ticking time re-renders between changes. */
export const RequestRowLine = memo(function RequestRowLine(props: RequestRowLineProps) {
  const { row, index, offset, selected, onOpen } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keyboard (j, k, Enter).
    // biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do.
    <div
      id={rowElementId(row.id)}
      className="request-row"
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-problem={!isFine(row) || undefined}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={() => onOpen(row.id)}
    >
      <RowCells row={row} />
    </div>
  );
});

function RowCells({ row }: { row: RequestRow }) {
  const { usage, firstByteMs } = row;
  return (
    <>
      <GridCell column="time">
        <Time at={row.startedAt} />
      </GridCell>
      <GridCell column="status" title={row.errorMessage ?? undefined}>
        <OutcomeMark row={row} />
      </GridCell>
      <GridCell column="model" title={row.path}>
        {row.servedModel ?? row.model ?? row.path}
      </GridCell>
      <GridCell column="account">{row.accountName ?? NONE}</GridCell>
      <SessionCell sessionId={row.sessionId} />
      <GridCell column="in">{tokens(usage?.inputTokens)}</GridCell>
      <GridCell column="out">{tokens(usage?.outputTokens)}</GridCell>
      <GridCell column="cache" title="Read from and written to the prompt cache">
        {cacheTokens(usage)}
      </GridCell>
      <CostCell row={row} />
      <GridCell column="first">{firstByteMs === null ? NONE : formatDuration(firstByteMs)}</GridCell>
      <GridCell column="duration">{formatDuration(row.durationMs)}</GridCell>
    </>
  );
}

function SessionCell({ sessionId }: { sessionId: string | null }) {
  if (sessionId === null) {
    return (
      <GridCell column="session" faint>
        {NONE}
      </GridCell>
    );
  }
  return (
    <GridCell column="session" title={`Session ${sessionId}`}>
      <span className="session-dot" style={{ background: colourOf(sessionId) }} />
      <span className="visually-hidden">{sessionId.slice(0, 8)}</span>
    </GridCell>
  );
}

function CostCell({ row }: { row: RequestRow }) {
  const { usage, costNanoUsd, accountKind } = row;
  if (!usage) return <GridCell column="cost">{NONE}</GridCell>;
  if (accountKind !== 'oauth' || costNanoUsd === null) {
    return (
      <GridCell column="cost" faint={costNanoUsd === null}>
        {formatMoney(costNanoUsd)}
      </GridCell>
    );
  }
  return (
    <GridCell column="cost" title="API-equivalent worth, not money spent">
      ≈ {formatMoney(costNanoUsd)}
      <span className="visually-hidden"> worth, not spent</span>
    </GridCell>
  );
}

function tokens(count: number | null | undefined): string {
  return count === null || count === undefined ? NONE : formatTokens(count);
}

function cacheTokens(usage: Usage | null): string {
  if (!usage || (usage.cacheReadTokens === null && usage.cacheWriteTokens === null)) return NONE;
  return formatTokens((usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0));
}
