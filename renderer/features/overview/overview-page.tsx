import { useQuery } from '@tanstack/react-query';
import { recentQuery, useFromState } from '../../api/queries.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { AccountsGlance } from './accounts-glance.tsx';
import { ConnectPanel } from './connect-panel.tsx';
import { FirstRun } from './first-run.tsx';
import { Headline } from './headline.tsx';
import { LastEvents } from './last-events.tsx';
import { LiveStrip } from './live-strip.tsx';
import { TodayChart } from './today-chart.tsx';
import { TodayFigures } from './today-figures.tsx';

/** Can I keep working? On which account? Until when? What does it cost? */
export function OverviewPage() {
  const recent = useQuery(recentQuery);
  const accounts = useFromState((state) => state.accounts.length);
  if (accounts === 0) return <FirstRun />;
  if (recent.isPending) {
    return (
      <div className="page">
        <Skeleton rows={8} height={20} />
      </div>
    );
  }
  if (recent.data?.length === 0) return <FirstRun />;
  return (
    <div className="page overview">
      <Headline />
      {recent.isError && (
        <ErrorPanel
          title="The last requests could not be read."
          error={recent.error}
          onRetry={() => void recent.refetch()}
        />
      )}
      <LiveStrip />
      <TodayFigures />
      <TodayChart />
      <div className="overview-columns">
        <AccountsGlance />
        <div>
          <ConnectPanel />
          <LastEvents />
        </div>
      </div>
    </div>
  );
}
