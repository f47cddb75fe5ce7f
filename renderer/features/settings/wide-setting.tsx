import { RotateCcw } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { IconButton } from '../../components/icon-button.tsx';

type WideSettingProps = {
  label: string;
  description: string;
  /** The default in words, and the way back to it; null while it is in use, or where there is none to go to. */
  reset: { text: string; run: () => void } | null;
  children: ReactNode;
};

/** A setting whose control needs the whole width: words above it. */
export function WideSetting({ label, description, reset, children }: WideSettingProps) {
  const id = useId();
  return (
    <section className="setting wide-setting" aria-labelledby={id}>
      <div className="setting-words">
        <span id={id} className="setting-label">
          {label}
        </span>
        <span className="small secondary">{description}</span>
      </div>
      {reset ? (
        <IconButton icon={RotateCcw} label={`Back to the default: ${reset.text}`} onClick={reset.run} />
      ) : (
        <span />
      )}
      <div className="wide-control">{children}</div>
    </section>
  );
}
