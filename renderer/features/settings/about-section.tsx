import { useAction } from '../../api/mutations.ts';
import { useSlice } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';

/** Version, places on disk, and the pages outside. */
export function AboutSection() {
  const about = useSlice('about');
  const showLog = useAction('app.showLogFile', 'Could not show the log file');
  const open = useAction('app.openExternal', 'Could not open the browser');
  return (
    <>
      <dl className="facts about-facts">
        <dt>Version</dt>
        <dd>
          ccflare {about.version}
          <span className="secondary">
            {` (Electron ${about.electron}, Chrome ${about.chrome}, Node ${about.node})`}
          </span>
        </dd>
        <dt>Data folder</dt>
        <dd>
          <code>{about.dataDir}</code>
        </dd>
        <dt>Log file</dt>
        <dd>
          <code>{about.logFile}</code>
        </dd>
        {!about.tray && (
          <>
            <dt>Tray</dt>
            <dd>
              This desktop offers no tray. Closing the window leaves ccflare running; start it again to
              return.
            </dd>
          </>
        )}
      </dl>
      <div className="group-foot">
        <Button onClick={() => showLog.mutate(undefined)}>Show log file</Button>
        <Button look="quiet" onClick={() => open.mutate({ link: 'provider-status' })}>
          Provider status
        </Button>
        <Button look="quiet" onClick={() => open.mutate({ link: 'provider-terms' })}>
          Provider terms
        </Button>
      </div>
    </>
  );
}
