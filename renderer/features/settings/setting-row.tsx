import { RotateCcw } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { IconButton } from '../../components/icon-button.tsx';

type SettingRowProps = {
  label: string;
  description: string;
  error: string | null;
  /** The default in words, and the way back to it; null while it is in use. */
  reset: { text: string; run: () => void } | null;
  /** Gets the id of the control that the label is for, and of what describes it. */
  children: (ids: { controlId: string; describedBy: string }) => ReactNode;
};

/** Words on the left, control on the right, the way back to the default beside it. */
export function SettingRow({ label, description, error, reset, children }: SettingRowProps) {
  const id = useId();
  const ids = { controlId: `${id}-control`, describedBy: `${id}-description ${id}-error` };
  return (
    <div className="setting">
      <div className="setting-words">
        <label htmlFor={ids.controlId} className="setting-label">
          {label}
        </label>
        <span id={`${id}-description`} className="small secondary">
          {description}
        </span>
      </div>
      <div className="setting-control">
        {reset ? (
          <IconButton icon={RotateCcw} label={`Back to the default: ${reset.text}`} onClick={reset.run} />
        ) : (
          <span />
        )}
        {children(ids)}
      </div>
      {error !== null && (
        <div id={`${id}-error`} className="field-error" role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
