import { Toast } from '@base-ui/react/toast';
import { errorWords, NEXT_STEP_LABELS, type NextStep } from './error-words.ts';

/** The one queue of toasts, usable outside components. */
export const toasts = Toast.createToastManager();

const ERROR_TIMEOUT = 12_000;
const NOTICE_TIMEOUT = 3500;

/**
 * How a next step is done. It is set once at the start by the frame, which knows pages and dialogs.
 */
let takeStep: (step: NextStep) => void = () => undefined;

/** Says how next steps are done. */
export function onNextStep(handler: (step: NextStep) => void): void {
  takeStep = handler;
}

/** What failed (title), what it means, and the next step as a button. */
export function showError(title: string, error: unknown): void {
  const { meaning, nextStep } = errorWords(error);
  const id = toasts.add({
    title,
    description: meaning,
    type: 'bad',
    priority: 'high',
    timeout: ERROR_TIMEOUT,
    actionProps: {
      children: NEXT_STEP_LABELS[nextStep],
      onClick: () => {
        toasts.close(id);
        takeStep(nextStep);
      },
    },
  });
}

/** A short confirmation of something that cannot be seen otherwise, such as a copy. */
export function showNotice(title: string): void {
  toasts.add({ title, type: 'good', timeout: NOTICE_TIMEOUT });
}
