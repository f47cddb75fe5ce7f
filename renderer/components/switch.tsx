import { Switch as Base } from '@base-ui/react/switch';

type SwitchProps = {
  /** Accessible name; the words beside it say the state. */
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  describedBy?: string | undefined;
  /** Id for a visible label to point at. */
  id?: string | undefined;
};

/** On or off, at once. */
export function Switch({ label, on, onChange, disabled = false, describedBy, id }: SwitchProps) {
  return (
    <Base.Root
      className="switch"
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      checked={on}
      onCheckedChange={onChange}
      disabled={disabled}
    >
      <Base.Thumb className="switch-thumb" />
    </Base.Root>
  );
}
