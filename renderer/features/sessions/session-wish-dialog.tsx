import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { type AccountView, canServe } from '../../../shared/account.ts';
import { formatClock } from '../../../shared/format.ts';
import { sessionRequestsQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import { stateWord } from '../../components/state-mark.tsx';
import { type SessionRow, shortId } from './session-rows.ts';
import { useSessionAction } from './use-session-action.ts';
import { WarmCache } from './warm-cache-words.tsx';

/** What is asked about a session; `release` is done at once. */
export type SessionQuestion = { kind: 'move' | 'pin' | 'release'; sessionId: string };

const WORDS = {
  move: {
    title: 'Move',
    confirm: 'Move',
    description:
      'Its next request goes to the account you choose and it stays there until that account cannot serve.',
  },
  pin: {
    title: 'Pin',
    confirm: 'Pin',
    description:
      'All its requests go to the account you choose and to no other, also when that account cannot serve. It stays so until you release it.',
  },
} as const;

type Props = {
  kind: 'move' | 'pin';
  row: SessionRow;
  accounts: readonly AccountView[];
  onClose: () => void;
};

/** Sends a session to another account, after saying what that costs. */
export function SessionWishDialog({ kind, row, accounts, onClose }: Props) {
  const words = WORDS[kind];
  const offered = offers(kind, row, accounts);
  const [chosen, setChosen] = useState(offered[0]?.id ?? null);
  const send = useSessionAction(kind === 'move' ? 'sessions.move' : 'sessions.pin');
  const save = () => {
    if (chosen !== null) send.mutate({ sessionId: row.id, accountId: chosen }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title={`${words.title} session ${shortId(row.id)}`}
      description={words.description}
      onClose={onClose}
    >
      <DialogStep label={words.title} onSubmit={save}>
        {chosen === null ? (
          <p className="secondary">There is no other account. Add one on the accounts page first.</p>
        ) : (
          <>
            <ChoiceList
              label="Account"
              value={chosen}
              options={offered.map(toOption)}
              onChange={setChosen}
              takesFocus
            />
            <Price row={row} targetId={chosen} />
          </>
        )}
        <FormError error={send.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submit disabled={chosen === null || send.isPending}>
            {words.confirm}
          </Button>
        </div>
      </DialogStep>
    </Dialog>
  );
}

/** A session is moved to another account, but may be pinned where it is. Those that can serve come first. */
function offers(kind: 'move' | 'pin', row: SessionRow, accounts: readonly AccountView[]): AccountView[] {
  const isHere = ({ id }: AccountView) => row.accountIds.includes(id);
  const isOnly = row.accountIds.length === 1;
  const rank = (account: AccountView): number => {
    if (kind === 'pin' && isHere(account)) return 0;
    return canServe(account.state) ? 1 : 2;
  };
  return accounts
    .filter((account) => kind === 'pin' || !isOnly || !isHere(account))
    .sort((a, b) => rank(a) - rank(b));
}

/** What one can serve with is in its sentence; what it cannot is marked, with its return where that is known. */
function toOption({ id, name, state, reason, until }: AccountView) {
  const back = until === null ? '' : ` Back at ${formatClock(until, Date.now())}.`;
  const option = { value: id, title: name, sentence: `${reason}${back}` };
  return canServe(state) ? option : { ...option, badge: stateWord(state).toLowerCase() };
}

function Price({ row, targetId }: { row: SessionRow; targetId: string }) {
  const requests = useQuery(sessionRequestsQuery(row.id));
  const stays = row.accountIds.length === 1 && row.accountIds[0] === targetId;
  if (stays)
    return <p className="secondary">It is on this account already: nothing has to be written again.</p>;
  return (
    <div className="wish-price" role="status">
      <WarmCache rows={requests.data} failed={requests.isError} targetId={targetId} />
      {row.accountBound && (
        <div className="move-lost">
          <TriangleAlert size={13} aria-hidden />
          One of its models has thinking that works only on the account that made it: what it has thought so
          far is lost.
        </div>
      )}
    </div>
  );
}
