import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';

type Option<T extends string> = { value: T; label: string };

type SelectProps<T extends string> = {
  /** Accessible name. */
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  /** Id for a visible label to point at. */
  id?: string;
};

/** One of a few. */
export function Select<T extends string>({ label, value, options, onChange, id }: SelectProps<T>) {
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger className="select-trigger" aria-label={label} {...(id !== undefined && { id })}>
        <Base.Value />
        <ChevronsUpDown size={13} aria-hidden />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="layer" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="popup" aria-label={label}>
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className="popup-item">
                <span className="popup-check">
                  <Base.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
