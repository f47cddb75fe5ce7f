import { CircleAlert } from 'lucide-react';
import { errorWords } from '../api/error-words.ts';

/** What went wrong with a form as a whole; nothing while `error` is null. */
export function FormError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <p className="form-error" role="alert">
      <CircleAlert size={15} aria-hidden />
      <span>{errorWords(error).meaning}</span>
    </p>
  );
}
