import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { commandKey } from './command-key.ts';
import { PAGES } from './routes.ts';

const SHORTCUTS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['Mod', 'K'], does: 'Search pages, accounts and actions' },
  { keys: ['Mod', `1…${PAGES.length}`], does: 'Go to a page' },
  { keys: ['/'], does: 'Filter the list' },
  { keys: ['j', 'k'], does: 'Next and previous row' },
  { keys: ['Enter'], does: 'Open the row' },
  { keys: ['m', 'p', 'r'], does: 'Sessions: move, pin, unpin the row' },
  { keys: ['Esc'], does: 'Close the detail, leave the filter' },
  { keys: ['F6'], does: 'Go to the notices' },
  { keys: ['?'], does: 'This sheet' },
];

/** Every key the dashboard knows. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} className="kbd">
                  {key === 'Mod' ? commandKey() : key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
