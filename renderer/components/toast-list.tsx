import { Toast } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { toasts } from '../api/toasts.ts';

/** Where toasts appear; `F6` moves the keyboard to them. */
export function ToastList() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="toast-viewport">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const manager = Toast.useToastManager();
  return manager.toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="toast"
      data-tone={toast.type === 'bad' ? 'spent' : 'serving'}
    >
      {toast.type === 'bad' ? (
        <CircleAlert className="toast-icon" size={16} aria-hidden />
      ) : (
        <CircleCheck className="toast-icon" size={16} aria-hidden />
      )}
      <Toast.Title className="toast-title" render={<div />} />
      <Toast.Description className="toast-description" render={<div />} />
      <Toast.Action className="toast-action button" />
      <Toast.Close className="toast-close icon-button" aria-label="Dismiss">
        <X size={14} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
