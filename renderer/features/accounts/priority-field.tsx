import { useState } from 'react';
import { DEFAULT_PRIORITY } from '../../../shared/account.ts';
import { TextField } from '../../components/text-field.tsx';

type PriorityFieldProps = {
  value: string;
  error: string | null;
  onChange: (value: string) => void;
  onBlur: () => void;
};

/** The priority behind "More options": most people never need it. It shows by itself while it holds something. */
export function PriorityField(field: PriorityFieldProps) {
  const [open, setOpen] = useState(field.value !== '');
  return (
    <>
      <div className="small">
        <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Fewer options' : 'More options'}
        </button>
      </div>
      {(open || field.error !== null) && (
        <TextField
          label="Priority"
          placeholder={String(DEFAULT_PRIORITY['api-key'])}
          hint="Lower is preferred; equal numbers share"
          {...field}
        />
      )}
    </>
  );
}
