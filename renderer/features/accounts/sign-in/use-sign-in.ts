import { useState } from 'react';
import type { SignInMode, SignInView, SignInWay } from '../../../../shared/sign-in.ts';
import { useAction } from '../../../api/mutations.ts';
import { useSlice } from '../../../api/queries.ts';

/** What a sign-in is for; the way can change while it runs. */
export type SignInPurpose = { mode: SignInMode; accountId: string | null; consent: boolean };

/** Whether somebody still has to do something, or the engine has. */
export function isRunning(view: SignInView): boolean {
  return view.phase === 'waiting' || view.phase === 'exchanging' || view.phase === 'confirm';
}

/** The sign-in a dialog follows; `arrived`: its view has been pushed, which may take longer than the answer. */
type Followed = { id: string; accountId: string | null; arrived: boolean };

/**
 * The sign-in that a dialog shows: the one it started, or one that runs already. It is followed to its end, and
 * let go by `leave`, which also gives it up. Ended sign-ins of others are not shown. While one takes the place of
 * another, the old view stays.
 */
export function useSignIn() {
  const slice = useSlice('signIn');
  const [followed, setFollowed] = useState<Followed | null>(null);
  const [before, setBefore] = useState<SignInView | null>(null);
  const [leftId, setLeftId] = useState<string | null>(null);
  const [purpose, setPurpose] = useState<SignInPurpose | null>(null);
  const start = useAction('signIn.start', null);
  const cancel = useAction('signIn.cancel', 'Could not end the sign-in');
  const isFollowed = slice !== null && slice.id === followed?.id;
  const isStarting = start.isPending || (followed !== null && !followed.arrived && !isFollowed);
  if (isFollowed && !followed.arrived) setFollowed({ ...followed, arrived: true });
  if (slice !== null && !isFollowed && !isStarting && isRunning(slice) && slice.id !== leftId) {
    setFollowed({ id: slice.id, accountId: slice.accountId, arrived: true });
  }
  const ownView = isFollowed ? slice : null;
  const view = isStarting ? before : ownView;
  const begin = (wanted: SignInPurpose, way: SignInWay) => {
    const { mode, accountId, consent } = wanted;
    const onSuccess = ({ id }: { id: string }) => {
      setLeftId(null);
      setFollowed({ id, accountId, arrived: false });
    };
    setPurpose(wanted);
    setBefore(view);
    start.mutate({ mode, way, consent, ...(accountId !== null && { accountId }) }, { onSuccess });
  };
  return {
    view,
    /** The account that signs in again; null while one is being added. */
    againId: followed?.accountId ?? null,
    isStarting,
    startError: start.error,
    begin,
    /** The same once more, or another way. */
    again: (way: SignInWay) => {
      if (view) begin(purpose ?? purposeOf(view), way);
    },
    leave: () => {
      // Until its start is answered, as while a browser is being opened, only the slice knows the new one's id.
      const opening = start.isPending && slice !== null && isRunning(slice) ? slice.id : null;
      const own = isStarting || (ownView !== null && isRunning(ownView)) ? followed?.id : undefined;
      const given = opening ?? own;
      if (given !== undefined) cancel.mutate({ id: given });
      setLeftId(given ?? followed?.id ?? null);
      setFollowed(null);
      start.reset();
    },
  };
}

/** See {@link useSignIn}. */
export type SignInFlow = ReturnType<typeof useSignIn>;

/** A subscription is never signed in to without consent, so one that runs has it. */
function purposeOf(view: SignInView): SignInPurpose {
  return { mode: view.mode, accountId: view.accountId, consent: view.mode === 'subscription' };
}
