import { Search } from 'lucide-react';
import { FILTER_INPUT } from './shortcuts.ts';

type SearchFieldProps = {
  /** Accessible name. */
  label: string;
  /** What can be searched for, in a few words. */
  placeholder: string;
  text: string;
  onChange: (text: string) => void;
};

/** The filter of a list: `/` goes to it, Esc leaves it. */
export function SearchField({ label, placeholder, text, onChange }: SearchFieldProps) {
  return (
    <div className="filter-search">
      <input
        {...FILTER_INPUT}
        className="input"
        type="text"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          event.currentTarget.blur();
        }}
        spellCheck={false}
      />
      <Search size={14} aria-hidden />
      <kbd className="kbd" aria-hidden>
        /
      </kbd>
    </div>
  );
}
