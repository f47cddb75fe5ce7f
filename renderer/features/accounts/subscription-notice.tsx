import { useAction } from '../../api/mutations.ts';
import { CheckBox } from '../../components/check-box.tsx';

/** Beside a button that waits for it. */
export const AGREE_FIRST = 'Agree to the notice first.';

type NoticeProps = { agreed: boolean; onAgree: (agreed: boolean) => void };

/**
 * What a person should know before a subscription's login is kept by a program that is not the provider's. The
 * box is never ticked for them.
 */
export function SubscriptionNotice({ agreed, onAgree }: NoticeProps) {
  const open = useAction('app.openExternal', 'Could not open the browser');
  return (
    <section className="notice" aria-label="Notice about subscription logins">
      <p>
        ccflare keeps the login of your subscription, encrypted, on this computer. Anthropic’s published terms
        reserve such logins for its own apps and ask other programs to use API keys. It may limit or close an
        account that is used otherwise, without telling you first.
      </p>
      <p>API keys are the supported way. You go on at your own risk.</p>
      <div className="notice-links">
        <button type="button" className="link-button" onClick={() => open.mutate({ link: 'provider-legal' })}>
          What Anthropic says about logins
        </button>
        <button type="button" className="link-button" onClick={() => open.mutate({ link: 'provider-terms' })}>
          Terms for consumers
        </button>
      </div>
      <CheckBox checked={agreed} onChange={onAgree}>
        I have read this. The subscription is my own, and I accept the risk.
      </CheckBox>
    </section>
  );
}
