import { Dialog as Base } from '@base-ui/react/dialog';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { call } from '../api/client.ts';
import { useFromState } from '../api/queries.ts';
import { showError } from '../api/toasts.ts';
import { type Act, type Command, paletteCommands, searchCommands } from './palette-commands.ts';

const act: Act = (name, argument, failure) => {
  call(name, argument).catch((error: unknown) => showError(failure, error));
};

/** Pages, accounts and actions by name: type, arrow keys, Enter. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop layer" />
        <Base.Popup className="dialog palette layer" aria-label="Commands">
          <PaletteBody onClose={onClose} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function usePalette(onClose: () => void) {
  const state = useFromState((whole) => whole);
  const [search, setSearch] = useState('');
  const [position, setPosition] = useState(0);
  const found = useMemo(() => searchCommands(paletteCommands(state, act), search), [state, search]);
  const active = Math.min(position, found.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setPosition((active + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[active]);
    else return;
    event.preventDefault();
  };
  const onSearch = (text: string) => {
    setSearch(text);
    setPosition(0);
  };
  return { search, onSearch, onKeyDown, found, active, setPosition, run };
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const { search, onSearch, onKeyDown, found, active, setPosition, run } = usePalette(onClose);
  const listId = useId();
  return (
    <>
      <input
        className="palette-input"
        role="combobox"
        aria-label="Search commands"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[active] ? `${listId}-${found[active].id}` : undefined}
        placeholder="Search pages, accounts and actions"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={onKeyDown}
        spellCheck={false}
      />
      <div id={listId} className="palette-list" role="listbox" aria-label="Commands" tabIndex={-1}>
        {found.map((command, index) => (
          <PaletteOption
            key={command.id}
            id={`${listId}-${command.id}`}
            command={command}
            heading={found[index - 1]?.group !== command.group}
            selected={index === active}
            onHover={() => setPosition(index)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {found.length === 0 && <div className="palette-empty">Nothing is called “{search}”.</div>}
    </>
  );
}

type PaletteOptionProps = {
  id: string;
  command: Command;
  heading: boolean;
  selected: boolean;
  onHover: () => void;
  onRun: () => void;
};

function PaletteOption({ id, command, heading, selected, onHover, onRun }: PaletteOptionProps) {
  const Icon = command.icon;
  return (
    <>
      {heading && (
        <div className="palette-group" role="presentation">
          {command.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keyboard. */}
      <div
        id={id}
        ref={(element) => {
          if (selected) element?.scrollIntoView({ block: 'nearest' });
        }}
        className="palette-option"
        role="option"
        tabIndex={-1}
        aria-selected={selected}
        onPointerMove={onHover}
        onClick={onRun}
      >
        <Icon size={15} aria-hidden />
        <span className="truncate">{command.label}</span>
        {command.note && <span className="palette-note">{command.note}</span>}
      </div>
    </>
  );
}
