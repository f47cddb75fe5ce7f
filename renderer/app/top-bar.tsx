import { Copy } from 'lucide-react';
import type { PoolState, ProxyState } from '../../shared/app-state.ts';
import { useAction, useCopy } from '../api/mutations.ts';
import { useSlice } from '../api/queries.ts';
import { IconButton } from '../components/icon-button.tsx';
import { PoolMark } from '../components/pool-mark.tsx';
import { Switch } from '../components/switch.tsx';
import { Time } from '../components/time.tsx';

/** On every page: is the proxy on, where, and can the pool serve. */
export function TopBar() {
  return (
    <header className="top-bar">
      <ProxySwitch />
      <PoolSummary />
    </header>
  );
}

function ProxySwitch() {
  const proxy = useSlice('proxy');
  const wanted = useSlice('settings').proxyEnabled;
  const setEnabled = useAction('proxy.setEnabled', 'Could not switch the proxy');
  const copy = useCopy();
  const on = setEnabled.isPending ? setEnabled.variables.enabled : wanted;
  return (
    <div className="top-proxy">
      <Switch
        label="Proxy"
        on={on}
        disabled={proxy.phase === 'draining'}
        onChange={(enabled) => setEnabled.mutate({ enabled })}
      />
      <span className="truncate">{proxyWords(proxy)}</span>
      {proxy.phase === 'listening' && (
        <IconButton icon={Copy} label="Copy address" onClick={() => copy.mutate({ what: 'address' })} />
      )}
    </div>
  );
}

/** What the listener does, in words. */
function proxyWords(proxy: ProxyState): string {
  const port = proxy.port ?? '';
  switch (proxy.phase) {
    case 'listening':
      return `Listening on 127.0.0.1:${port}`;
    case 'starting':
      return 'Starting';
    case 'draining':
      return proxy.inFlight === 1 ? 'Finishing 1 request' : `Finishing ${proxy.inFlight} requests`;
    case 'failed':
      return `Not listening: port ${port} failed`;
    case 'stopped':
      return 'Off';
  }
}

function PoolSummary() {
  const pool = useSlice('pool');
  return (
    <div className="top-pool" title={pool.summary}>
      <PoolMark phase={pool.phase} />
      <span className="truncate">
        {poolWords(pool)}
        {pool.canServe === 0 && pool.backAt !== null && (
          <>
            {', back '}
            <Time at={pool.backAt} show="return" />
          </>
        )}
      </span>
    </div>
  );
}

function poolWords(pool: PoolState): string {
  if (pool.phase === 'empty') return 'No accounts yet';
  return `${pool.canServe} of ${pool.total} ${pool.total === 1 ? 'account' : 'accounts'} can serve`;
}
