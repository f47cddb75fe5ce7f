import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { RequestRecord } from '../../../shared/request-record.ts';
import { requestQuery } from '../../api/queries.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { OutcomeMark } from '../../components/outcome-mark.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { DecisionTrace } from './decision-trace.tsx';
import { MetadataFacts, UsageFacts } from './request-facts.tsx';

/** Everything kept about one request, beside the list. */
export function RequestDetail({ id, onClose }: { id: string; onClose: () => void }) {
  const record = useQuery(requestQuery(id));
  return (
    <aside className="detail" aria-label="Request detail">
      <div className="detail-head">
        <h2 className="truncate">{record.data ? (record.data.model ?? record.data.path) : 'Request'}</h2>
        {record.data && <OutcomeMark row={record.data} />}
        <IconButton icon={X} label="Close detail" onClick={onClose} />
      </div>
      <div className="detail-body">
        {record.isError && (
          <ErrorPanel
            title="This request could not be read."
            error={record.error}
            onRetry={() => void record.refetch()}
          />
        )}
        {record.isPending && <Skeleton rows={10} />}
        {record.data === null && (
          <p className="secondary">
            This request is not in the log any more. Old requests are removed by the limits in the settings.
          </p>
        )}
        {record.data && <DetailBody record={record.data} />}
      </div>
    </aside>
  );
}

function DetailBody({ record }: { record: RequestRecord }) {
  return (
    <>
      {record.errorMessage !== null && (
        <p className="detail-problem">
          {record.errorMessage}{' '}
          {record.errorCode !== null && <code className="faint">{record.errorCode}</code>}
        </p>
      )}
      <DecisionTrace record={record} />
      <UsageFacts record={record} />
      <MetadataFacts record={record} />
    </>
  );
}
