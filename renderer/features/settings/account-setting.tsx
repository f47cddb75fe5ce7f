import type { AccountView } from '../../../shared/account.ts';
import { useSlice } from '../../api/queries.ts';
import { AccountSelect, REMOVED_WORDS } from './account-select.tsx';
import { SettingRow } from './setting-row.tsx';
import { OWN } from './setting-words.ts';
import { useSaved } from './use-saved.ts';

/** Everything to one account, or as the strategy chooses. */
export function PinnedAccountSetting() {
  const accounts = useSlice('accounts');
  const { stored, save } = useSaved('pinnedAccountId', OWN.pinnedAccountId.label);
  return (
    <AccountRow name="pinnedAccountId" none="Automatic" accounts={accounts} stored={stored} onChange={save} />
  );
}

/** The API key that steps in. Consent was given for one account, so another one needs it anew. */
export function FallbackAccountSetting() {
  const accounts = useSlice('accounts').filter(({ kind }) => kind === 'api-key');
  const { stored, save } = useSaved('fallbackAccountId', OWN.fallbackAccountId.label);
  return (
    <AccountRow
      name="fallbackAccountId"
      none="None"
      accounts={accounts}
      stored={stored}
      onChange={(id) => save(id, { fallbackConsent: false })}
    />
  );
}

type AccountRowProps = {
  name: 'pinnedAccountId' | 'fallbackAccountId';
  none: string;
  accounts: readonly AccountView[];
  stored: string | null;
  onChange: (id: string | null) => void;
};

function AccountRow({ name, none, accounts, stored, onChange }: AccountRowProps) {
  const { label, description } = OWN[name];
  const isGone = stored !== null && !accounts.some(({ id }) => id === stored);
  return (
    <SettingRow
      label={label}
      description={description}
      error={isGone ? REMOVED_WORDS : null}
      reset={stored === null ? null : { text: none, run: () => onChange(null) }}
    >
      {({ controlId }) => (
        <AccountSelect
          id={controlId}
          label={label}
          accounts={accounts}
          value={stored}
          none={none}
          onChange={onChange}
        />
      )}
    </SettingRow>
  );
}
