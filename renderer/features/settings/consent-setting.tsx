import type { AccountView } from '../../../shared/account.ts';
import { formatMoney } from '../../../shared/format.ts';
import { useFromState, useSlice } from '../../api/queries.ts';
import { CheckBox } from '../../components/check-box.tsx';
import { OWN } from './setting-words.ts';
import { useSaved } from './use-saved.ts';
import { WideSetting } from './wide-setting.tsx';

const NANO_PER_USD = 1_000_000_000;

/** The agreement to spend money through the fallback, what was spent this month, and whether it is in force. */
export function ConsentSetting() {
  const { label, description } = OWN.fallbackConsent;
  const { stored, save } = useSaved('fallbackConsent', label);
  const accountId = useFromState((state) => state.settings.fallbackAccountId);
  const account = useSlice('accounts').find(({ id }) => id === accountId);
  return (
    <WideSetting
      label={label}
      description={description}
      reset={stored ? { text: 'not agreed', run: () => save(false) } : null}
    >
      {account ? (
        <>
          <div className="consent">
            <CheckBox checked={stored} onChange={(agreed) => save(agreed)}>
              I agree that requests through {account.name} cost me money whenever no other account can serve,
              up to the cap in each calendar month.
            </CheckBox>
          </div>
          <Spend account={account} />
        </>
      ) : (
        <p className="small secondary">Choose a fallback account first.</p>
      )}
      <InForce agreed={stored && account !== undefined} />
    </WideSetting>
  );
}

function Spend({ account }: { account: AccountView }) {
  const cap = useFromState((state) => state.settings.fallbackCapUsd) * NANO_PER_USD;
  const spent = account.spentThisMonthNanoUsd;
  const share = cap === 0 ? 1 : Math.min(1, spent / cap);
  return (
    <div className="consent-spend">
      <span className="meter" aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <span className="small secondary">
        {formatMoney(spent)} of {formatMoney(cap)} this month
        {spent >= cap && '; the cap is reached, so it steps in no more'}
      </span>
    </div>
  );
}

/** Choice, account and agreement belong together: what is missing is said. */
function InForce({ agreed }: { agreed: boolean }) {
  const wanted = useFromState(
    ({ settings, clientKeys }) =>
      settings.exhaustion === 'fallback' ||
      clientKeys.some(({ exhaustion, revokedAt }) => exhaustion === 'fallback' && revokedAt === null),
  );
  if (wanted === agreed) return null;
  return (
    <p className="consent-note small" role="status">
      {wanted
        ? 'The fallback is chosen but not agreed to: until then it serves as an account like the others.'
        : 'Nothing falls back to it: neither the choice above nor any client key asks for that. So it is not set aside: it serves like the others, up to its cap.'}
    </p>
  );
}
