import { Pin } from 'lucide-react';
import type { MouseEvent } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import { formatMoney, formatPercent, formatTokens } from '../../../shared/format.ts';
import { colourOf } from '../../components/colour-of.ts';
import { StateMark } from '../../components/state-mark.tsx';
import { Time } from '../../components/time.tsx';
import { MovesPopover } from './moves-popover.tsx';
import { SessionCell } from './session-cell.tsx';
import { SessionMenu } from './session-menu.tsx';
import { cacheHitShare, type SessionRow, shortId } from './session-rows.ts';
import type { SessionQuestion } from './session-wish-dialog.tsx';

const NONE = '–';

/** Id of a row's element, for `aria-activedescendant`. */
export const rowElementId = (id: string): string => `session-${id}`;

type SessionLineProps = {
  row: SessionRow;
  /** Accounts it is on, as far as they still exist. */
  accounts: readonly AccountView[];
  index: number;
  offset: number;
  selected: boolean;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
  onAsk: (question: SessionQuestion) => void;
};

/** One line of the board. */
export function SessionLine(props: SessionLineProps) {
  const { row, index, offset, selected, onSelect, onOpen } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keyboard (j, k, Enter).
    // biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do.
    <div
      id={rowElementId(row.id)}
      className="session-row"
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={() => onSelect(row.id)}
      onDoubleClick={(event) => isOnRow(event) && onOpen(row.id)}
    >
      <NameCells row={row} />
      <AccountCell {...props} />
      <FigureCells row={row} />
      <SessionCell column="moves">
        {row.moves.length === 0 ? <span className="faint">{NONE}</span> : <MovesPopover row={row} />}
      </SessionCell>
      <SessionCell column="seen">
        <Time at={row.lastSeenAt} />
      </SessionCell>
      <SessionCell column="menu">
        <SessionMenu row={row} onAsk={props.onAsk} onOpen={onOpen} />
      </SessionCell>
    </div>
  );
}

/** Not on a button of the row, nor in what it opened: that is elsewhere in the page, but a child to React. */
function isOnRow({ currentTarget, target }: MouseEvent): boolean {
  return target instanceof Element && currentTarget.contains(target) && target.closest('button') === null;
}

function NameCells({ row }: { row: SessionRow }) {
  return (
    <>
      <SessionCell column="session" title={`Session ${row.id}`} below={row.project ?? undefined}>
        <span className="session-dot" style={{ background: colourOf(row.id) }} />{' '}
        <code>{shortId(row.id)}</code>
      </SessionCell>
      <SessionCell column="client" title={row.client ?? undefined} below={row.keyName ?? undefined}>
        {row.client ?? NONE}
      </SessionCell>
    </>
  );
}

/** Its account above its models. One that is on several accounts shows them on both lines, and its models on hover. */
function AccountCell({ row, accounts }: SessionLineProps) {
  const names = accounts.map(({ name }) => name).join(', ');
  const models = row.models.join(', ');
  const [first, ...others] = accounts;
  return (
    <SessionCell
      column="account"
      title={[names, models].join('\n')}
      below={others.length > 0 ? <OtherAccounts accounts={others} models={models} /> : models || undefined}
    >
      <span className="session-account">
        {first && <AccountName account={first} />}
        {!first && <span className="faint truncate">{row.lastAccountName ?? NONE}</span>}
        {row.pinnedTo !== null && (
          <span className="session-pin">
            <Pin size={12} aria-hidden />
            pinned
          </span>
        )}
      </span>
    </SessionCell>
  );
}

function AccountName({ account: { name, state } }: { account: AccountView }) {
  return (
    <>
      <StateMark state={state} bare />
      <span className="truncate">{name}</span>
    </>
  );
}

function OtherAccounts({ accounts, models }: { accounts: readonly AccountView[]; models: string }) {
  const [second, ...rest] = accounts;
  return (
    <span className="session-account">
      {second && <AccountName account={second} />}
      {rest.length > 0 && <span aria-hidden>+{rest.length}</span>}
      <span className="visually-hidden">
        {rest.map(({ name }) => `, ${name}`)}. {models}
      </span>
    </span>
  );
}

function FigureCells({ row }: { row: SessionRow }) {
  const { totals, inFlight } = row;
  const hits = cacheHitShare(totals);
  return (
    <>
      <SessionCell column="flight" title={`${inFlight} in flight`}>
        {inFlight > 0 ? (
          <span className="session-live">
            <span className="live-dot" aria-hidden />
            {inFlight}
          </span>
        ) : (
          <span className="faint">{NONE}</span>
        )}
      </SessionCell>
      <SessionCell
        column="requests"
        below={totals && totals.problems > 0 ? problemWords(totals.problems) : undefined}
      >
        {totals ? formatTokens(totals.requests) : NONE}
      </SessionCell>
      <SessionCell
        column="tokens"
        title="Tokens in after the cache, and out"
        below={totals && formatTokens(totals.outputTokens)}
      >
        {totals ? formatTokens(totals.inputTokens) : NONE}
      </SessionCell>
      <SessionCell
        column="cache"
        title="Tokens read from and written to the prompt cache, and the share of the prompt that was read from it"
        below={hits === null ? undefined : `${formatPercent(hits)} hit`}
      >
        {totals ? formatTokens(totals.cacheReadTokens + totals.cacheWriteTokens) : NONE}
      </SessionCell>
      <CostCell totals={row.totals} />
    </>
  );
}

function problemWords(problems: number): string {
  return problems === 1 ? '1 problem' : `${formatTokens(problems)} problems`;
}

/**
 * List price of its requests. What a subscription served when it did is worth, not money; what has no price is said.
 */
function CostCell({ totals }: Pick<SessionRow, 'totals'>) {
  if (totals === null) return <SessionCell column="cost">{NONE}</SessionCell>;
  const { costNanoUsd, worthNanoUsd, unpricedRequests, requests } = totals;
  if (unpricedRequests > 0 && unpricedRequests >= requests) {
    return (
      <SessionCell column="cost">
        <span className="faint">unpriced</span>
      </SessionCell>
    );
  }
  const unpriced = unpricedRequests === 0 ? undefined : `${unpricedRequests} unpriced`;
  const spent = costNanoUsd - worthNanoUsd;
  if (spent === 0 && worthNanoUsd > 0) {
    return (
      <SessionCell column="cost" title="API-equivalent worth, not money spent" below={unpriced}>
        ≈ {formatMoney(worthNanoUsd)}
        <span className="visually-hidden"> worth, not spent</span>
      </SessionCell>
    );
  }
  const worth = worthNanoUsd > 0 ? `≈ ${formatMoney(worthNanoUsd)} worth` : undefined;
  const title = worth === undefined ? 'List prices' : `List prices, and ${worth} of subscriptions, not spent`;
  return (
    <SessionCell
      column="cost"
      title={title}
      below={[worth, unpriced].filter(Boolean).join(', ') || undefined}
    >
      {formatMoney(spent)}
    </SessionCell>
  );
}
