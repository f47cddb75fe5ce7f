import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

/** `done`: something proves it. `now`: can be done. `later`: needs the one before. */
export type StepState = 'done' | 'now' | 'later';

type StepProps = { number: number; title: string; state: StepState; children: ReactNode };

/** One step of the first start: its number becomes a tick when it has been done. */
export function OnboardingStep({ number, title, state, children }: StepProps) {
  return (
    <li className="step" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <span className="step-number" aria-hidden>
        {state === 'done' ? <Check size={13} /> : number}
      </span>
      <div className="step-body">
        <h2>
          {title}
          {state === 'done' && <span className="visually-hidden"> (done)</span>}
        </h2>
        {children}
      </div>
    </li>
  );
}
