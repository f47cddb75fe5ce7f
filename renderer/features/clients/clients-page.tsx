import type { ClientsReport } from '../../../shared/clients.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { ClaudeCodeSection } from './claude-code-section.tsx';
import { ConnectionTest } from './connection-test.tsx';
import { DoctorSection } from './doctor-section.tsx';
import { SnippetPicker } from './snippet-picker.tsx';
import { useClientsReport } from './use-clients-report.ts';

/** Where clients really go, how to bring them here, and what stands in the way. */
export function ClientsPage() {
  const report = useClientsReport();
  return (
    <div className="page clients">
      <h1>Clients</h1>
      {report.isError && !report.isFetching && (
        <ErrorPanel
          title="The set-up of clients could not be read."
          error={report.error}
          onRetry={() => void report.refetch()}
        />
      )}
      {report.isPending && <Skeleton rows={8} height={20} />}
      {report.data && (
        <>
          <ClaudeCodeSection report={report.data} />
          <DoctorSection
            findings={report.data.findings}
            checkedAt={report.dataUpdatedAt}
            checking={report.isFetching}
            onCheck={() => void report.refetch()}
          />
        </>
      )}
      <TestSection />
      {report.data && <OtherClients report={report.data} />}
    </div>
  );
}

function TestSection() {
  return (
    <section aria-labelledby="test-title">
      <div className="section-head">
        <h2 id="test-title">Connection test</h2>
      </div>
      <p className="secondary">
        Sends one tiny request the way a client would: to the proxy, through an account, to the provider and
        back. Then looks whether Claude Code itself comes that way, once it is set up.
      </p>
      <ConnectionTest />
    </section>
  );
}

function OtherClients({ report }: { report: ClientsReport }) {
  return (
    <section aria-labelledby="others-title">
      <div className="section-head">
        <h2 id="others-title">Other clients</h2>
      </div>
      <p className="secondary">
        Everything that speaks the Claude API and takes a base address can come here. The dots stand for the
        key; copying puts the real one in.
      </p>
      <SnippetPicker snippets={report.snippets} />
    </section>
  );
}
