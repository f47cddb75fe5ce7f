import type { VaultState } from '../../../shared/app-state.ts';
import { useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';

const PHASES: Record<VaultState['phase'], string> = {
  opening: 'Opening',
  ready: 'Ready',
  locked: 'Locked',
  'choice-needed': 'Waiting for your choice',
  failed: 'Not readable',
};

function modeWords({ mode, backend }: VaultState): string {
  switch (mode) {
    case 'keychain':
      return backend === null ? 'System keychain' : `System keychain (${backend})`;
    case 'passphrase':
      return 'Your passphrase';
    case 'memory':
      return 'Memory only';
    case null:
      return 'Not chosen yet';
  }
}

/** How account keys are kept, in plain words, and what is open about it. */
export function VaultSection() {
  const vault = useSlice('vault');
  const asks = vault.phase === 'locked' || vault.phase === 'choice-needed';
  return (
    <>
      <div className="setting">
        <div className="setting-words">
          <span className="setting-label">Protected by</span>
          <span className="small secondary">{vault.explanation}</span>
        </div>
        <span>
          {modeWords(vault)}
          <span className="secondary">, {PHASES[vault.phase].toLowerCase()}</span>
        </span>
      </div>
      {asks && (
        <div className="group-foot">
          <Button look="primary" onClick={() => openDialog({ kind: 'vault' })}>
            {vault.phase === 'locked' ? 'Unlock' : 'Choose'}
          </Button>
        </div>
      )}
    </>
  );
}
