import { type ReactNode, useId } from 'react';

type CheckBoxProps = {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** The whole statement that is agreed to. */
  children: ReactNode;
};

/** A statement to tick. */
export function CheckBox({ checked, onChange, children }: CheckBoxProps) {
  const id = useId();
  return (
    <div className="check">
      <input id={id} type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <label htmlFor={id}>{children}</label>
    </div>
  );
}
