import type { Finding } from '../../../shared/clients.ts';
import { showNotice } from '../../api/toasts.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useClientsChange } from './use-clients-report.ts';

/** Says what a fix will change before it does. */
export function FixDialog({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const fix = useClientsChange('clients.fix', null);
  const done = () => {
    showNotice('Fixed');
    onClose();
  };
  return (
    <Dialog title="Fix this?" description={finding.title} onClose={onClose}>
      <DialogStep
        label="What will be changed"
        onSubmit={() => fix.mutate({ findingId: finding.id }, { onSuccess: done })}
      >
        <p>{finding.fix}</p>
        <FormError error={fix.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submit disabled={fix.isPending}>
            Fix
          </Button>
        </div>
      </DialogStep>
    </Dialog>
  );
}
