import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Tone } from './state-mark.tsx';

type BannerProps = {
  icon: LucideIcon;
  tone: Tone;
  children: ReactNode;
  /** The way out. */
  action?: ReactNode;
};

/** Something about the whole app, under the top bar, for as long as it is so. */
export function Banner({ icon: Icon, tone, children, action }: BannerProps) {
  return (
    <div className="banner" data-tone={tone} role="status">
      <Icon size={16} aria-hidden />
      <div className="banner-text">{children}</div>
      {action}
    </div>
  );
}
