import { Command, Keyboard } from 'lucide-react';
import { useFromState } from '../api/queries.ts';
import { BrandMark } from '../components/brand-mark.tsx';
import { commandKey } from './command-key.ts';
import { openDialog } from './dialog-slot.ts';
import { hrefOf, PAGES, type PageName } from './routes.ts';

/** The pages that exist; icons only in a narrow window. */
export function Sidebar({ current }: { current: PageName }) {
  const accounts = useFromState((state) => state.accounts.length);
  return (
    <nav className="sidebar" aria-label="Pages">
      <div className="brand">
        <BrandMark />
        <span>ccflare</span>
      </div>
      <div className="nav">
        {PAGES.map(({ page, label, icon: Icon }) => (
          <a
            key={page}
            className="nav-link"
            href={hrefOf(page)}
            title={label}
            aria-current={page === current ? 'page' : undefined}
          >
            <Icon size={16} aria-hidden />
            <span>{label}</span>
            {page === 'accounts' && accounts > 0 && (
              <span className="nav-count" aria-hidden>
                {accounts}
              </span>
            )}
          </a>
        ))}
      </div>
      <SidebarFoot />
    </nav>
  );
}

function SidebarFoot() {
  return (
    <div className="sidebar-foot">
      <button
        type="button"
        className="nav-link"
        title="Search and commands"
        onClick={() => openDialog({ kind: 'palette' })}
      >
        <Command size={16} aria-hidden />
        <span>Commands</span>
        <kbd className="kbd" aria-hidden>
          {commandKey()} K
        </kbd>
      </button>
      <button
        type="button"
        className="nav-link"
        title="Keyboard shortcuts"
        onClick={() => openDialog({ kind: 'shortcuts' })}
      >
        <Keyboard size={16} aria-hidden />
        <span>Shortcuts</span>
        <kbd className="kbd" aria-hidden>
          ?
        </kbd>
      </button>
    </div>
  );
}
