import { useId } from 'react';

/** One of the ways to go, with what it means in a sentence. */
export type ChoiceOption<T extends string> = {
  value: T;
  title: string;
  sentence: string;
  /** A word beside the title, such as "recommended". */
  badge?: string;
};

type ChoiceListProps<T extends string> = {
  /** What is chosen. */
  label: string;
  /** Shows the label; otherwise only screen readers hear it. */
  labelled?: boolean;
  value: T;
  options: readonly ChoiceOption<T>[];
  onChange: (value: T) => void;
  /** The chosen option takes the focus when its step of a dialog appears. */
  takesFocus?: boolean;
};

/** One of a few, all in sight. The radios are the browser's own: arrows move, Enter sends the form. */
export function ChoiceList<T extends string>(props: ChoiceListProps<T>) {
  const { label, labelled = false, value, options, onChange, takesFocus = false } = props;
  const group = useId();
  return (
    <fieldset className="choice choice-list">
      <legend className={labelled ? 'field-label' : 'visually-hidden'}>{label}</legend>
      {options.map((option) => (
        <Choice
          key={option.value}
          group={group}
          option={option}
          checked={option.value === value}
          takesFocus={takesFocus && option.value === value}
          onChoose={() => onChange(option.value)}
        />
      ))}
    </fieldset>
  );
}

type ChoiceProps = {
  group: string;
  option: ChoiceOption<string>;
  checked: boolean;
  takesFocus: boolean;
  onChoose: () => void;
};

function Choice({ group, option, checked, takesFocus, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <label className="choice-option">
      <input
        type="radio"
        className="radio choice-radio"
        name={group}
        value={option.value}
        checked={checked}
        onChange={onChoose}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-sentence`}
        data-checked={checked || undefined}
        data-autofocus={takesFocus || undefined}
      />
      <span>
        <strong id={`${id}-title`}>
          {option.title}
          {option.badge !== undefined && <span className="choice-badge"> {option.badge}</span>}
        </strong>
        <span className="secondary small" id={`${id}-sentence`}>
          {option.sentence}
        </span>
      </span>
    </label>
  );
}
