import { type ReactNode, useEffect, useRef } from 'react';

type DialogStepProps = {
  /** What this step is, for screen readers. */
  label: string;
  /** Sent by Enter and by the submit button. Without it there is nothing to send. */
  onSubmit?: () => void;
  children: ReactNode;
};

/**
 * One step of a dialog. When it replaces another, the focus comes along: to what is marked `data-autofocus`, else
 * to the step itself, so that keyboards and screen readers are never left behind. Each begins at its top, however
 * far the one before was scrolled. Give each step a `key`.
 */
export function DialogStep({ label, onSubmit, children }: DialogStepProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const step = form.current;
    const dialog = step?.closest('[role="dialog"]');
    if (dialog) dialog.scrollTop = 0;
    if (!step || step.contains(document.activeElement)) return;
    const first = step.querySelector<HTMLElement>('[data-autofocus]:not(:disabled)') ?? step;
    first.focus({ preventScroll: true });
  }, []);
  return (
    <form
      ref={form}
      className="dialog-form dialog-step"
      tabIndex={-1}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit?.();
      }}
    >
      {children}
    </form>
  );
}
