import { CircleAlert, FlaskConical, KeyRound, LoaderCircle, Lock } from 'lucide-react';
import type { ThreadState } from '../../shared/app-state.ts';
import { useAction } from '../api/mutations.ts';
import { useSlice } from '../api/queries.ts';
import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { openDialog } from './dialog-slot.ts';
import { navigate } from './routes.ts';

/** Everything that concerns the whole app, most pressing first. */
export function Banners() {
  return (
    <>
      <ThreadBanner />
      <VaultBanner />
      <ProxyBanner />
      <DemoBanner />
    </>
  );
}

function isDown(thread: ThreadState): boolean {
  return thread.phase === 'restarting' || thread.phase === 'failed';
}

function ThreadBanner() {
  const { engine, archive } = useSlice('threads');
  const showLog = useAction('app.showLogFile', 'Could not show the log file');
  if (!isDown(engine) && !isDown(archive)) return null;
  const failed = engine.phase === 'failed' || archive.phase === 'failed';
  return (
    <Banner
      icon={failed ? CircleAlert : LoaderCircle}
      tone={failed ? 'spent' : 'cooling'}
      action={<Button onClick={() => showLog.mutate(undefined)}>Show log file</Button>}
    >
      {isDown(engine) ? engineWords(engine) : archiveWords(archive)}
    </Banner>
  );
}

function engineWords(engine: ThreadState): string {
  if (engine.phase === 'failed') {
    return 'The proxy engine stopped and could not be started again. No request can be served; restart the app.';
  }
  return 'The proxy engine is restarting. Requests fail until it is back, usually within seconds.';
}

function archiveWords(archive: ThreadState): string {
  if (archive.phase === 'failed') {
    return 'The request log stopped and could not be started again. Requests are served but not recorded.';
  }
  return 'The request log is restarting. Requests are served; their records wait in a queue.';
}

function VaultBanner() {
  const vault = useSlice('vault');
  const open = () => openDialog({ kind: 'vault' });
  if (vault.phase === 'locked') {
    return (
      <Banner icon={Lock} tone="sign-in" action={<Button onClick={open}>Unlock</Button>}>
        Your accounts are locked. No request can be served until you enter the passphrase.
      </Banner>
    );
  }
  if (vault.phase === 'choice-needed') {
    return (
      <Banner icon={KeyRound} tone="sign-in" action={<Button onClick={open}>Choose</Button>}>
        This computer has no keychain the app can use. Choose how account keys are kept.
      </Banner>
    );
  }
  if (vault.phase !== 'failed') return null;
  return (
    <Banner icon={CircleAlert} tone="spent">
      Account keys cannot be read. {vault.explanation}
    </Banner>
  );
}

function ProxyBanner() {
  const proxy = useSlice('proxy');
  const retry = useAction('proxy.setEnabled', 'Could not start the proxy');
  if (proxy.phase !== 'failed') return null;
  return (
    <Banner
      icon={CircleAlert}
      tone="spent"
      action={
        <>
          <Button onClick={() => retry.mutate({ enabled: true })} disabled={retry.isPending}>
            Try again
          </Button>
          <Button look="primary" onClick={() => navigate('settings', 'listening')}>
            Change port
          </Button>
        </>
      }
    >
      {proxy.error?.message ?? `Port ${proxy.port ?? ''} could not be opened.`} Clients cannot reach ccflare.
    </Banner>
  );
}

function DemoBanner() {
  const { demo } = useSlice('about');
  if (!demo) return null;
  return (
    <Banner icon={FlaskConical} tone="accent">
      Demo: accounts and traffic are simulated. Nothing leaves this computer.
    </Banner>
  );
}
