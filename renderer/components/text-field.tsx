import { type HTMLInputTypeAttribute, useId } from 'react';
import { bringIntoView } from './bring-into-view.ts';

type TextFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  hint?: string;
  /** What is wrong, in plain words; null when nothing is. */
  error: string | null;
  type?: HTMLInputTypeAttribute;
  placeholder?: string;
  autoFocus?: boolean;
};

/** A labelled line of text whose hint and error are tied to it for screen readers. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, hint, error, type = 'text' } = props;
  const id = useId();
  const noteId = error !== null || hint !== undefined ? `${id}-note` : undefined;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        type={type}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={props.onBlur}
        placeholder={props.placeholder}
        // biome-ignore lint/a11y/noAutofocus: the first field of a dialog the user just opened.
        autoFocus={props.autoFocus}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={noteId}
      />
      <FieldNote id={noteId} hint={hint} error={error} />
    </div>
  );
}

type FieldNoteProps = { id: string | undefined; hint: string | undefined; error: string | null };

/** The line under a field: the error while there is one, else the hint. */
function FieldNote({ id, hint, error }: FieldNoteProps) {
  if (error !== null) {
    return (
      <div ref={bringIntoView} id={id} className="field-error" role="alert">
        {error}
      </div>
    );
  }
  if (hint === undefined) return null;
  return (
    <div id={id} className="field-hint">
      {hint}
    </div>
  );
}
