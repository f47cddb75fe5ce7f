import { useEffect, useRef } from 'react';
import { call } from '../api/client.ts';
import { useFromState } from '../api/queries.ts';
import { onNextStep } from '../api/toasts.ts';
import { ErrorBoundary } from '../components/error-boundary.tsx';
import { ErrorPanel } from '../components/error-panel.tsx';
import { AccountsPage } from '../features/accounts/accounts-page.tsx';
import { ClientsPage } from '../features/clients/clients-page.tsx';
import { OverviewPage } from '../features/overview/overview-page.tsx';
import { RequestsPage } from '../features/requests/requests-page.tsx';
import { SessionsPage } from '../features/sessions/sessions-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { Banners } from './banners.tsx';
import { openDialog } from './dialog-slot.ts';
import { Dialogs } from './dialogs.tsx';
import { navigate, PAGES, type Route, useRoute } from './routes.ts';
import { useGlobalShortcuts } from './shortcuts.ts';
import { Sidebar } from './sidebar.tsx';
import { useTheme } from './theme.ts';
import { TopBar } from './top-bar.tsx';

/** Sidebar, top bar, banners and the page; everything inside may rely on the state being there. */
export function Frame() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  useTheme();
  useGlobalShortcuts();
  useNextSteps();
  usePageFocus(route, main);
  return (
    <div className="frame">
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Sidebar current={route.page} />
      <TopBar />
      <div className="content">
        <Banners />
        <main ref={main} id="main" className="main" tabIndex={-1}>
          <ErrorBoundary
            key={route.page}
            fallback={(error, retry) => (
              <div className="page">
                <ErrorPanel title="This page failed." error={error} onRetry={retry} />
              </div>
            )}
          >
            <Page route={route} />
          </ErrorBoundary>
        </main>
      </div>
      <PoolAnnouncer />
      <Dialogs />
    </div>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'overview':
      return <OverviewPage />;
    case 'sessions':
      return <SessionsPage />;
    case 'requests':
      return <RequestsPage openId={route.id} text={route.text} />;
    case 'accounts':
      return <AccountsPage focusId={route.id} />;
    case 'clients':
      return <ClientsPage />;
    case 'settings':
      return <SettingsPage group={route.id} />;
  }
}

/** Tells screen readers when the answer to "can I keep working" changes. */
function PoolAnnouncer() {
  const summary = useFromState((state) => state.pool.summary);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {summary}
    </div>
  );
}

function usePageFocus({ page }: Route, main: React.RefObject<HTMLElement | null>): void {
  const shown = useRef(page);
  useEffect(() => {
    const label = PAGES.find((entry) => entry.page === page)?.label ?? '';
    document.title = `${label} – ccflare`;
    if (shown.current === page) return;
    shown.current = page;
    main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [page, main]);
}

function useNextSteps(): void {
  useEffect(() => {
    onNextStep((step) => {
      if (step === 'unlock') openDialog({ kind: 'vault' });
      else if (step === 'change-port') navigate('settings', 'listening');
      else if (step === 'open-accounts') navigate('accounts');
      else if (step === 'open-clients') navigate('clients');
      else call('app.showLogFile', undefined).catch(() => undefined);
    });
  }, []);
}
