import { useEffect } from 'react';
import { useFromState, useSlice } from '../api/queries.ts';
import { AccountDialog } from '../features/accounts/account-dialogs.tsx';
import { AddAccountDialog } from '../features/accounts/add-account-dialog.tsx';
import { SignInDialog } from '../features/accounts/sign-in/sign-in-dialog.tsx';
import { isRunning } from '../features/accounts/sign-in/use-sign-in.ts';
import { ClaudeCodeDialog } from '../features/clients/claude-code-dialog.tsx';
import { ImportDialog } from '../features/import/import-dialog.tsx';
import { CreateKeyDialog } from '../features/settings/client-key-dialogs.tsx';
import { CommandPalette } from './command-palette.tsx';
import { closeDialog, openDialog, showSignIn, useDialogRequest } from './dialog-slot.ts';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { VaultDialog } from './vault-dialog.tsx';

/** The dialog that was asked for, if any; the vault and a sign-in begun elsewhere ask by themselves. */
export function Dialogs() {
  const request = useDialogRequest();
  useVaultQuestion();
  useSignInQuestion();
  if (!request) return null;
  switch (request.kind) {
    case 'palette':
      return <CommandPalette onClose={closeDialog} />;
    case 'shortcuts':
      return <ShortcutSheet onClose={closeDialog} />;
    case 'vault':
      return <VaultDialog onClose={closeDialog} />;
    case 'add-account':
      return <AddAccountDialog way={request.way ?? null} onClose={closeDialog} />;
    case 'sign-in':
      return <SignInDialog key={request.accountId} accountId={request.accountId} onClose={closeDialog} />;
    case 'create-key':
      return <CreateKeyDialog onClose={closeDialog} />;
    case 'import':
      return <ImportDialog onClose={closeDialog} />;
    case 'claude-code':
      return <ClaudeCodeDialog action={request.action} onClose={closeDialog} />;
    default:
      return <AccountDialog kind={request.kind} accountId={request.accountId} onClose={closeDialog} />;
  }
}

function useVaultQuestion(): void {
  const phase = useFromState((state) => state.vault.phase);
  useEffect(() => {
    if (phase === 'locked' || phase === 'choice-needed') openDialog({ kind: 'vault' });
  }, [phase]);
}

/** A sign-in that was begun from the tray, or before the window was loaded again, is shown once. */
function useSignInQuestion(): void {
  const signIn = useSlice('signIn');
  const running = signIn !== null && isRunning(signIn) ? signIn : null;
  const id = running?.id ?? null;
  const accountId = running?.accountId ?? null;
  useEffect(() => {
    if (id !== null) showSignIn(accountId);
  }, [id, accountId]);
}
