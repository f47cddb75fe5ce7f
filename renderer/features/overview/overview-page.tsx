import { useQuery } from '@tanstack/react-query';
import { recentQuery } from '../../api/queries.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { AccountsGlance } from './accounts-glance.tsx';
import { ConnectPanel } from './connect-panel.tsx';
import { Headline } from './headline.tsx';
import { LastEvents } from './last-events.tsx';
import { LiveStrip } from './live-strip.tsx';
import { Onboarding } from './onboarding.tsx';
import { TodayChart } from './today-chart.tsx';
import { TodayFigures } from './today-figures.tsx';
import { useOnboarding } from './use-onboarding.ts';

/** Can I keep working? On which account? Until when? What does it cost? */
export function OverviewPage() {
  const all = useQuery(recentQuery);
  const { shown, resumable, recent, keyOfClient, change } = useOnboarding(all.data);
  if (all.isPending) {
    return (
      <div className="page">
        <Skeleton rows={8} height={20} />
      </div>
    );
  }
  if (shown && recent) return <Onboarding recent={recent} keyOfClient={keyOfClient} onChange={change} />;
  return (
    <div className="page overview">
      {resumable && (
        <div className="resume small">
          <button type="button" className="link-button" onClick={() => change('open')}>
            Finish set-up
          </button>
        </div>
      )}
      <Headline />
      {all.isError && (
        <ErrorPanel
          title="The last requests could not be read."
          error={all.error}
          onRetry={() => void all.refetch()}
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
