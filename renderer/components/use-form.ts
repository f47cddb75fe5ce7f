import { useState } from 'react';

/** Errors by field; a missing key means the field is fine. */
export type FieldErrors<K extends string> = Partial<Record<K, string>>;

type ParseResult = {
  success: boolean;
  error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } | undefined;
};

/** The first message of a zod result for each of the named fields, so that they speak the contract's own words. */
export function fieldErrors<K extends string>(names: readonly K[], result: ParseResult): FieldErrors<K> {
  const errors: FieldErrors<K> = {};
  for (const name of names) {
    const issue = result.error?.issues.find(({ path }) => path[0] === name);
    if (issue) errors[name] = issue.message;
  }
  return errors;
}

/**
 * Text fields of a dialog. A field shows its error once it was left or the form was sent, and loses it as
 * soon as the input is right.
 */
export function useForm<K extends string>(
  initial: Record<K, string>,
  validate: (values: Record<K, string>) => FieldErrors<K>,
) {
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<K>>(new Set());
  const [rejected, setRejected] = useState<FieldErrors<K>>({});
  const [sent, setSent] = useState(false);
  const found = validate(values);
  return {
    values,
    /** Props of a text field. */
    field: (name: K) => ({
      value: values[name],
      error: (sent || touched.has(name) ? found[name] : undefined) ?? rejected[name] ?? null,
      onChange: (value: string) => {
        setValues((old) => ({ ...old, [name]: value }));
        setRejected({});
      },
      onBlur: () => setTouched((old) => (values[name] === '' ? old : new Set(old).add(name))),
    }),
    /** Shows an error the main process found, such as a name that is taken. */
    reject: (errors: FieldErrors<K>) => setRejected(errors),
    /** Runs `send` if every field is right. */
    submit: (send: (values: Record<K, string>) => void) => {
      setSent(true);
      if (Object.keys(found).length === 0) send(values);
    },
  };
}
