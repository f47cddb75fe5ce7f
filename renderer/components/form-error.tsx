import { CircleAlert } from 'lucide-react';
import { errorWords } from '../api/error-words.ts';
import { bringIntoView } from './bring-into-view.ts';

/** What went wrong with a form as a whole; nothing while `error` is null. */
export function FormError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <p ref={bringIntoView} className="form-error" role="alert">
      <CircleAlert size={15} aria-hidden />
      <span>{errorWords(error).meaning}</span>
    </p>
  );
}
