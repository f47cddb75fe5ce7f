import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { ADD_WAYS, type AddWay } from './add-ways.ts';

type Props = {
  way: AddWay;
  onChange: (way: AddWay) => void;
  onContinue: () => void;
  onClose: () => void;
};

/** The first question: how the account gets here. */
export function WayStep({ way, onChange, onContinue, onClose }: Props) {
  return (
    <DialogStep label="Ways to add an account" onSubmit={onContinue}>
      <ChoiceList
        label="How to add the account"
        value={way}
        options={ADD_WAYS}
        onChange={onChange}
        takesFocus
      />
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" submit>
          Continue
        </Button>
      </div>
    </DialogStep>
  );
}
