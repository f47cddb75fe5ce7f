import { useEffect } from 'react';
import { useFromState } from '../api/queries.ts';
import { AccountDialog } from '../features/accounts/account-dialogs.tsx';
import { AddAccountDialog } from '../features/accounts/add-account-dialog.tsx';
import { ClaudeCodeDialog } from '../features/clients/claude-code-dialog.tsx';
import { ImportDialog } from '../features/import/import-dialog.tsx';
import { CreateKeyDialog } from '../features/settings/client-key-dialogs.tsx';
import { CommandPalette } from './command-palette.tsx';
import { closeDialog, openDialog, useDialogRequest } from './dialog-slot.ts';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { VaultDialog } from './vault-dialog.tsx';

/** The dialog that was asked for, if any; the vault asks by itself when it needs something. */
export function Dialogs() {
  const request = useDialogRequest();
  useVaultQuestion();
  if (!request) return null;
  switch (request.kind) {
    case 'palette':
      return <CommandPalette onClose={closeDialog} />;
    case 'shortcuts':
      return <ShortcutSheet onClose={closeDialog} />;
    case 'vault':
      return <VaultDialog onClose={closeDialog} />;
    case 'add-account':
      return <AddAccountDialog onClose={closeDialog} />;
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
