import { CircleAlert, CircleCheck, Info, RefreshCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Finding } from '../../../shared/clients.ts';
import { Button } from '../../components/button.tsx';
import { Time } from '../../components/time.tsx';
import { FixDialog } from './fix-dialog.tsx';
import { RemedyLine } from './remedy-line.tsx';

/** Levels in the order in which they need a person. */
const LEVELS = [
  { level: 'bad', title: 'Problems', word: 'Problem', icon: CircleAlert, tone: 'spent' },
  { level: 'warn', title: 'Worth a look', word: 'Warning', icon: TriangleAlert, tone: 'cooling' },
  { level: 'info', title: 'Good to know', word: 'Information', icon: Info, tone: 'paused' },
  { level: 'ok', title: 'In order', word: 'In order', icon: CircleCheck, tone: 'serving' },
] as const;

type Level = (typeof LEVELS)[number];

type DoctorProps = {
  findings: readonly Finding[];
  /** UTC ms of the last look. */
  checkedAt: number;
  checking: boolean;
  onCheck: () => void;
};

/** What decides where clients really go, most pressing first, each with a fix if the app has one. */
export function DoctorSection({ findings, checkedAt, checking, onCheck }: DoctorProps) {
  const [question, setQuestion] = useState<Finding | null>(null);
  return (
    <section aria-labelledby="doctor-title">
      <div className="section-head">
        <h2 id="doctor-title">What clients will use</h2>
        <span className="small secondary" role="status">
          {checking ? 'Checking…' : <CheckedAt at={checkedAt} />}
        </span>
        <Button onClick={onCheck} disabled={checking}>
          <RefreshCw size={14} aria-hidden />
          Check again
        </Button>
      </div>
      {findings.length === 0 && <p className="client-empty secondary">Nothing was found.</p>}
      {LEVELS.map((level) => (
        <LevelGroup
          key={level.level}
          level={level}
          findings={findings.filter((finding) => finding.level === level.level)}
          onFix={setQuestion}
        />
      ))}
      {question && <FixDialog finding={question} onClose={() => setQuestion(null)} />}
    </section>
  );
}

function CheckedAt({ at }: { at: number }) {
  return (
    <>
      Checked <Time at={at} />
    </>
  );
}

type GroupProps = { level: Level; findings: readonly Finding[]; onFix: (finding: Finding) => void };

function LevelGroup({ level, findings, onFix }: GroupProps) {
  if (findings.length === 0) return null;
  const { icon: Icon, word, tone, title } = level;
  return (
    <div className="findings">
      <h3>
        {title} <span className="faint">{findings.length}</span>
      </h3>
      <ul>
        {findings.map((finding) => (
          <li key={finding.id} className="finding" data-tone={tone}>
            <Icon size={15} role="img" aria-label={word} />
            <div>
              <p>{finding.title}</p>
              <p className="small secondary">{finding.detail}</p>
              {finding.remedy && <RemedyLine findingId={finding.id} remedy={finding.remedy} />}
            </div>
            {finding.fix !== null && (
              <Button onClick={() => onFix(finding)} aria-label={`Fix: ${finding.title}`}>
                Fix…
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
