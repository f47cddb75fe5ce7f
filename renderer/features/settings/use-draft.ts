import { type KeyboardEvent, useState } from 'react';
import { errorWords } from '../../api/error-words.ts';
import { useSettingsPatch } from '../../api/mutations.ts';
import type { NumberKey, TextKey } from './setting-keys.ts';

type DraftOptions<V> = {
  name: NumberKey | TextKey;
  stored: V;
  standard: V;
  /** A value as it stands in the field, and back. */
  toText: (value: V) => string;
  fromText: (text: string) => V;
  /** What is wrong with a value; null when it may be saved. */
  errorOf: (value: V) => string | null;
  /** The default in words, for the button that leads back to it. */
  standardText: string;
};

/** A setting that is typed: saved on Enter or when left, if it fits; Esc takes it back. */
export function useDraft<V extends number | string>(options: DraftOptions<V>) {
  const { name, stored, standard, toText, fromText, errorOf } = options;
  const patch = useSettingsPatch();
  /** What is being typed; null while the field shows what is stored. */
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const store = (value: V) =>
    patch.mutate(
      { [name]: value },
      { onSuccess: () => setDraft(null), onError: (failure) => setError(errorWords(failure).meaning) },
    );
  const save = () => {
    if (draft === null) return;
    const value = fromText(draft);
    const wrong = errorOf(value);
    setError(wrong);
    if (wrong !== null) return;
    if (value === stored) setDraft(null);
    else store(value);
  };
  const cancel = () => {
    setDraft(null);
    setError(null);
  };
  const edit = (text: string) => {
    setDraft(text);
    if (error !== null && errorOf(fromText(text)) === null) setError(null);
  };
  const undo = () => {
    cancel();
    store(standard);
  };
  const isDefault = stored === standard && draft === null;
  return {
    error,
    reset: isDefault ? null : { text: options.standardText, run: undo },
    /** Props of the input. */
    input: {
      value: draft ?? toText(stored),
      'aria-invalid': error !== null,
      onChange: (event: { target: { value: string } }) => edit(event.target.value),
      onBlur: save,
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'Enter') save();
        else if (event.key === 'Escape') cancel();
      },
    },
  };
}
