import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes } from '../../../shared/format.ts';
import type { ImportPreview } from '../../../shared/import.ts';
import { useAction } from '../../api/mutations.ts';
import { importPreviewQuery, useFromState } from '../../api/queries.ts';
import { bringIntoView } from '../../components/bring-into-view.ts';
import { Button } from '../../components/button.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { FormError } from '../../components/form-error.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SubscriptionNotice } from '../accounts/subscription-notice.tsx';
import { PRODUCT_NAMES } from './import-words.ts';
import { AccountChoice, PartChoice, StaysBehind, Warnings } from './preview-parts.tsx';
import { type ImportChoice, useImportChoice } from './use-import-choice.ts';

const LABEL = 'What to take over';

type Props = { sourceId: string; onStarted: () => void; onBack: () => void; onClose: () => void };

/** What an import would bring, to choose from before anything is written. */
export function PreviewStep({ sourceId, ...ways }: Props) {
  const preview = useQuery({ ...importPreviewQuery(sourceId), staleTime: 0, refetchOnMount: 'always' });
  if (preview.data && !preview.isFetching) return <Choice preview={preview.data} {...ways} />;
  return (
    <DialogStep label={LABEL}>
      {preview.isError && !preview.isFetching ? (
        <ErrorPanel
          title="This database could not be read."
          error={preview.error}
          onRetry={() => void preview.refetch()}
        />
      ) : (
        <Copying />
      )}
      <div className="dialog-actions">
        <Button data-start="" onClick={ways.onBack}>
          Back
        </Button>
        <Button onClick={ways.onClose}>Cancel</Button>
      </div>
    </DialogStep>
  );
}

function Copying() {
  const copying = useFromState((state) => state.import?.phase === 'copying');
  return (
    <>
      <p className="secondary" role="status">
        {copying ? 'Copying the database, so that the old one is only read…' : 'Looking into the database…'}
      </p>
      <Skeleton rows={5} height={16} />
    </>
  );
}

type ChoiceProps = Omit<Props, 'sourceId'> & { preview: ImportPreview };

function Choice({ preview, onStarted, onBack, onClose }: ChoiceProps) {
  const choice = useImportChoice(preview);
  const run = useAction('import.run', null);
  const [sent, setSent] = useState(false);
  const missing = missingWords(choice);
  const start = () => {
    setSent(true);
    if (missing === null) run.mutate(choice.argument(), { onSuccess: onStarted });
  };
  return (
    <DialogStep label={LABEL} onSubmit={start}>
      <Source source={preview.source} />
      <Warnings warnings={preview.warnings} />
      <AccountChoice preview={preview} choice={choice} />
      <PartChoice preview={preview} choice={choice} />
      <StaysBehind skipped={preview.skipped} />
      {choice.consentNeeded && <SubscriptionNotice agreed={choice.consent} onAgree={choice.setConsent} />}
      {sent && missing !== null && (
        <div ref={bringIntoView} className="field-error" role="alert">
          {missing}
        </div>
      )}
      <FormError error={run.error} />
      <div className="dialog-actions">
        <Button data-start="" onClick={onBack}>
          Back
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" submit disabled={run.isPending}>
          Import
        </Button>
      </div>
    </DialogStep>
  );
}

/** The first thing of the step, so the focus starts here and nothing is scrolled out of sight. */
function Source({ source }: Pick<ImportPreview, 'source'>) {
  return (
    <p className="small secondary import-source" tabIndex={-1} data-autofocus="">
      {PRODUCT_NAMES[source.product]}, {formatBytes(source.bytes)}:{' '}
      <code className="path">{source.path}</code>
    </p>
  );
}

/** What still has to be ticked; null when the import can start. */
function missingWords({ isEmpty, consentNeeded, consent }: ImportChoice): string | null {
  if (isEmpty) return 'Choose at least one thing to take over.';
  if (consentNeeded && !consent) return 'Agree to the notice, or leave the subscription logins out.';
  return null;
}
