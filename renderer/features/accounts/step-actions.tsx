import { Button } from '../../components/button.tsx';

type StepActionsProps = {
  onBack: () => void;
  onClose: () => void;
  /** The verb on the button that sends the form. */
  confirm: string;
  disabled: boolean;
  /** For steps without a field: the button takes the focus. */
  takesFocus?: boolean;
  /** What has to be done before, in a sentence: it may be out of sight. */
  missing?: string | null;
};

/** The line of buttons under a step of the add dialog: back, out, on. */
export function StepActions(props: StepActionsProps) {
  const { onBack, onClose, confirm, disabled, takesFocus = false, missing = null } = props;
  return (
    <div className="dialog-actions">
      <Button look="quiet" data-start="" onClick={onBack}>
        Back
      </Button>
      <Button onClick={onClose}>Cancel</Button>
      <Button look="primary" submit disabled={disabled} data-autofocus={takesFocus || undefined}>
        {confirm}
      </Button>
      {missing !== null && <p className="small secondary dialog-missing">{missing}</p>}
    </div>
  );
}
