import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { type QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { errorWords } from '../api/error-words.ts';
import { connectLiveEvents } from '../api/live-events.ts';
import { stateQuery } from '../api/queries.ts';
import { Button } from '../components/button.tsx';
import { ErrorBoundary } from '../components/error-boundary.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { ToastList } from '../components/toast-list.tsx';
import { Frame } from './frame.tsx';
import { navigate } from './routes.ts';

/** The whole page. Base UI must not add style elements: the content security policy forbids them. */
export function App({ client }: { client: QueryClient }) {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <Tooltip.Provider delay={350}>
          <ErrorBoundary fallback={(error, retry) => <Crash error={error} onRetry={retry} />}>
            <Suspense fallback={<Starting />}>
              <Gate />
            </Suspense>
          </ErrorBoundary>
          <ToastList />
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  );
}

/** Waits for the first snapshot. Listening starts before it is asked for, so nothing falls in between. */
function Gate() {
  const client = useQueryClient();
  useEffect(() => connectLiveEvents(client, ({ page, id }) => navigate(page, id)), [client]);
  const state = useQuery(stateQuery);
  if (state.data) return <Frame />;
  if (state.isError) return <Crash error={state.error} onRetry={() => void state.refetch()} />;
  return <Starting />;
}

function Starting() {
  return (
    <div className="page">
      <Skeleton rows={6} height={16} />
    </div>
  );
}

function Crash({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <main className="crash" role="alert">
      <h1>The dashboard could not be shown</h1>
      <p className="secondary">
        {errorWords(error).meaning} The proxy keeps running; this is only the window.
      </p>
      <Button look="primary" onClick={onRetry}>
        Try again
      </Button>
    </main>
  );
}
