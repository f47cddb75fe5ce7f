import { CircleAlert } from 'lucide-react';
import { errorWords } from '../api/error-words.ts';
import { Button } from './button.tsx';

type ErrorPanelProps = {
  /** What could not be done. */
  title: string;
  error: unknown;
  onRetry: () => void;
};

/** A part of a page that could not be read. What was read before stays on screen around it. */
export function ErrorPanel({ title, error, onRetry }: ErrorPanelProps) {
  return (
    <div className="error-panel" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <strong>{title}</strong> <span className="secondary">{errorWords(error).meaning}</span>
      </div>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}
