import { type ReactNode, useId } from 'react';

type CheckRowProps = {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** What it brings, or what to know about it. */
  note?: ReactNode;
};

/** A box to tick, with the words beside it and a note below them. */
export function CheckRow({ label, checked, onChange, note }: CheckRowProps) {
  const id = useId();
  return (
    <div className="check-row">
      <input
        id={id}
        type="checkbox"
        className="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
      />
      <label htmlFor={id}>{label}</label>
      {note !== undefined && (
        <div id={`${id}-note`} className="small secondary">
          {note}
        </div>
      )}
    </div>
  );
}
