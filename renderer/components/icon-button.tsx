import type { LucideIcon } from 'lucide-react';
import { Hint } from './hint.tsx';

type IconButtonProps = {
  icon: LucideIcon;
  /** What it does; accessible name and tooltip. */
  label: string;
  onClick: () => void;
  disabled?: boolean;
};

/** A small square button whose words appear on hover and focus. */
export function IconButton({ icon: Icon, label, onClick, disabled = false }: IconButtonProps) {
  return (
    <Hint text={label}>
      <button type="button" className="icon-button" aria-label={label} onClick={onClick} disabled={disabled}>
        <Icon size={15} aria-hidden />
      </button>
    </Hint>
  );
}
