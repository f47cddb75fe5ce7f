import type { ReactNode } from 'react';

type EmptyStateProps = {
  title: string;
  /** What will be here and how it gets here. */
  children: ReactNode;
  /** The one button that leads on. */
  action?: ReactNode;
};

/** Nothing yet, and the next step. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <div className="secondary">{children}</div>
      {action}
    </div>
  );
}
