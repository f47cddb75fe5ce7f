import { Switch as Base } from '@base-ui/react/switch';

type SwitchProps = {
  /** Accessible name; the words beside it say the state. */
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  describedBy?: string | undefined;
};

/** On or off, at once. */
export function Switch({ label, on, onChange, disabled = false, describedBy }: SwitchProps) {
  return (
    <Base.Root
      className="switch"
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
