import { CircleCheck, CircleDashed, CircleX, Stethoscope } from 'lucide-react';
import type { ConnectionTest as Result } from '../../../shared/clients.ts';
import { formatDuration } from '../../../shared/format.ts';
import { useAction } from '../../api/mutations.ts';
import { Button } from '../../components/button.tsx';

type StepResult = Result['steps'][number];

const LOOKS = {
  ok: { icon: CircleCheck, word: 'OK', tone: 'serving' },
  failed: { icon: CircleX, word: 'Failed', tone: 'spent' },
  'not-reached': { icon: CircleDashed, word: 'Not reached', tone: 'paused' },
} as const;

/** A button that sends one small request the whole way, and what each step of the way said. */
export function ConnectionTest() {
  const test = useAction('clients.test', 'The connection test could not run');
  return (
    <div className="connection-test">
      <Button onClick={() => test.mutate(undefined)} disabled={test.isPending}>
        <Stethoscope size={14} aria-hidden />
        {test.data ? 'Run it again' : 'Run connection test'}
      </Button>
      <div role="status">
        {test.isPending && <p className="secondary">Testing…</p>}
        {test.data && !test.isPending && <Verdict result={test.data} />}
      </div>
      {test.data && !test.isPending && (
        <ol className="test-steps" aria-label="Steps of the test">
          {test.data.steps.map((step) => (
            <Step key={step.name} step={step} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Verdict({ result }: { result: Result }) {
  if (result.ok) return <p>Everything works: a request went the whole way and its answer came back.</p>;
  const index = result.steps.findIndex((step) => step.outcome === 'failed');
  const failed = result.steps[index];
  if (!failed) return <p>The test did not get through.</p>;
  return (
    <p className="test-failure">
      <strong>
        It stops at step {index + 1}, “{failed.name}”.
      </strong>{' '}
      {failed.detail}
    </p>
  );
}

/** A failed step is explained above the list; the others say here what was seen. */
function Step({ step }: { step: StepResult }) {
  const { icon: Icon, word, tone } = LOOKS[step.outcome];
  return (
    <li className="test-step" data-tone={tone} data-outcome={step.outcome}>
      <Icon size={15} role="img" aria-label={word} />
      <div>
        <span>{step.name}</span>
        {step.outcome === 'ok' && <span className="small secondary"> {step.detail}</span>}
        {step.outcome !== 'ok' && <span className="small secondary"> {word}</span>}
      </div>
      <span className="small secondary">{step.durationMs !== null && formatDuration(step.durationMs)}</span>
    </li>
  );
}
