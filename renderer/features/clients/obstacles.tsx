import type { Finding } from '../../../shared/clients.ts';
import { CheckBox } from '../../components/check-box.tsx';

type Props = {
  /** What keeps Claude Code from coming here, whatever its settings say. */
  findings: readonly Finding[];
  /** Ids of fixes that the user does not want. */
  refused: ReadonlySet<string>;
  onChange: (findingId: string, wanted: boolean) => void;
};

/** What would leave the set-up without effect, with the fixes that can be made together with it. */
export function Obstacles({ findings, refused, onChange }: Props) {
  if (findings.length === 0) return null;
  return (
    <fieldset className="obstacles">
      <legend>What keeps Claude Code from coming here</legend>
      {findings.map((finding) =>
        finding.withSetUp && finding.fix !== null ? (
          <div key={finding.id}>
            <p>{finding.title}</p>
            <CheckBox checked={!refused.has(finding.id)} onChange={(wanted) => onChange(finding.id, wanted)}>
              {finding.fix}
            </CheckBox>
          </div>
        ) : (
          <div key={finding.id}>
            <p>{finding.title}</p>
            <p className="small secondary">
              {finding.fix === null && finding.remedy === null
                ? finding.detail
                : 'What to do about it stands on the Clients page, below “What clients will use”.'}
            </p>
          </div>
        ),
      )}
    </fieldset>
  );
}
