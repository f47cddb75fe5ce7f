import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, type RefObject, useRef } from 'react';
import { Button } from './button.tsx';

type DialogProps = {
  title: string;
  /** What this is about, in one or two plain sentences. */
  description?: ReactNode;
  onClose: () => void;
  /** `passive`: cannot be dismissed by a click outside, since typed input would be lost. */
  keepOnOutsidePress?: boolean;
  /** What has the focus first, where that is not the first control. */
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
};

/** A modal question. It is mounted when open, so its state starts fresh each time. */
export function Dialog({
  title,
  description,
  onClose,
  keepOnOutsidePress = false,
  initialFocus,
  children,
}: DialogProps) {
  return (
    <Base.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      disablePointerDismissal={keepOnOutsidePress}
    >
      <Base.Portal>
        <Base.Backdrop className="backdrop layer" />
        <Base.Popup className="dialog layer" {...(initialFocus ? { initialFocus } : {})}>
          <div className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            {description && (
              <Base.Description render={<div />} className="secondary">
                {description}
              </Base.Description>
            )}
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

type ConfirmProps = {
  title: string;
  /** What will happen and what will not. */
  description: ReactNode;
  /** The verb on the button, such as "Remove account". */
  confirm: string;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something that cannot be undone. The safe answer has the focus. */
export function ConfirmDialog({ title, description, confirm, busy, onConfirm, onClose }: ConfirmProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Dialog title={title} description={description} onClose={onClose} initialFocus={cancel}>
      <div className="dialog-actions">
        <Button ref={cancel} onClick={onClose}>
          Cancel
        </Button>
        <Button look="danger" onClick={onConfirm} disabled={busy}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
