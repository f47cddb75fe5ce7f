import type { AccountView } from '../../../shared/account.ts';
import { Select } from '../../components/select.tsx';

/** Value that stands for no account in a list of choices. */
const NONE = '';

/** What is said where a setting names an account that is gone. */
export const REMOVED_WORDS = 'This account has been removed. Choose another one.';

type AccountSelectProps = {
  label: string;
  id?: string;
  accounts: readonly AccountView[];
  value: string | null;
  /** What stands for no account; left out where one must be chosen. */
  none: string;
  onChange: (id: string | null) => void;
};

/** One of the accounts, or none. One that was removed since stays visible until another is chosen. */
export function AccountSelect({ label, id, accounts, value, none, onChange }: AccountSelectProps) {
  const isGone = value !== null && !accounts.some((account) => account.id === value);
  return (
    <Select
      label={label}
      {...(id !== undefined && { id })}
      value={value ?? NONE}
      options={[
        { value: NONE, label: none },
        ...accounts.map((account) => ({ value: account.id, label: account.name })),
        ...(isGone ? [{ value, label: 'Removed account' }] : []),
      ]}
      onChange={(next) => onChange(next === NONE ? null : next)}
    />
  );
}
