import { type AccountView, DEFAULT_BASE_URL } from '../../../shared/account.ts';
import { LimitBar } from '../../components/limit-bar.tsx';
import { drawableReadings } from '../../components/limit-reading.ts';

/** An account's windows and rates as bars; what is not known is called unknown, never drawn as zero. */
export function AccountLimits({ account }: { account: AccountView }) {
  const readings = drawableReadings(account.readings);
  if (readings.length === 0) return <NoLimits account={account} />;
  return (
    <div className="account-limits">
      {readings.map((reading) => (
        <LimitBar key={reading.bucket} reading={reading} />
      ))}
    </div>
  );
}

function NoLimits({ account }: { account: AccountView }) {
  return <p className="small faint">{unknownWords(account)}</p>;
}

function unknownWords({ baseUrl, lastUsedAt }: AccountView): string {
  if (baseUrl !== DEFAULT_BASE_URL) return 'Limits unknown: this endpoint has sent none.';
  if (lastUsedAt === null) return 'Limits appear here with the first answer.';
  return 'Limits unknown: no answer has stated any yet.';
}
