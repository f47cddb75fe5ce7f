import { Minus, TriangleAlert } from 'lucide-react';
import { formatTokens } from '../../../shared/format.ts';
import type { ImportAccount, ImportPreview } from '../../../shared/import.ts';
import { Time } from '../../components/time.tsx';
import { settingLabel } from '../settings/setting-words.ts';
import { CheckRow } from './check-row.tsx';
import { accountWords, counted } from './import-words.ts';
import type { ImportChoice, Part } from './use-import-choice.ts';

/** What has to be known before anything is taken over. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul className="import-warnings" aria-label="Warnings">
      {warnings.map((warning) => (
        <li key={warning}>
          <TriangleAlert size={15} aria-hidden />
          {warning}
        </li>
      ))}
    </ul>
  );
}

type PartProps = { preview: ImportPreview; choice: ImportChoice };

/** Accounts to choose from, and below them those that cannot come. */
export function AccountChoice({ preview, choice }: PartProps) {
  const skipped = preview.accounts.filter((account) => account.skipped !== null);
  return (
    <fieldset className="import-part">
      <legend>Accounts</legend>
      {preview.accounts.length === 0 && <p className="small secondary">There are none in this database.</p>}
      {choice.coming.map((account) => (
        <CheckRow
          key={account.sourceId}
          label={account.name}
          checked={choice.accounts.has(account.sourceId)}
          onChange={(wanted) => choice.toggleAccount(account.sourceId, wanted)}
          note={<AccountNote account={account} />}
        />
      ))}
      {skipped.map((account) => (
        <div key={account.sourceId} className="check-row skipped">
          <Minus size={14} aria-hidden />
          <span>{account.name}</span>
          <div className="small secondary">Stays behind. {account.skipped}</div>
        </div>
      ))}
    </fieldset>
  );
}

function AccountNote({ account }: { account: ImportAccount }) {
  return (
    <>
      {accountWords(account)}
      {account.renamedTo !== null && (
        <div>
          Its name is taken here; it becomes <strong>{account.renamedTo}</strong>.
        </div>
      )}
      {account.note !== null && <div>{account.note}</div>}
    </>
  );
}

/** Everything besides the accounts that the database has something of. */
export function PartChoice({ preview, choice }: PartProps) {
  const { requests, settings, agentPreferences } = preview;
  const row = (part: Part) => ({
    checked: choice.parts[part],
    onChange: (wanted: boolean) => choice.togglePart(part, wanted),
  });
  if (requests.count + settings.length + agentPreferences === 0) return null;
  return (
    <fieldset className="import-part">
      <legend>Also take over</legend>
      {requests.count > 0 && (
        <CheckRow
          label={`Request log: ${counted(requests.count, 'request', 'requests')}`}
          note={<RequestSpan requests={requests} />}
          {...row('requests')}
        />
      )}
      {settings.length > 0 && (
        <CheckRow
          label={counted(settings.length, 'setting', 'settings')}
          note={<SettingList settings={settings} />}
          {...row('settings')}
        />
      )}
      {agentPreferences > 0 && (
        <CheckRow
          label={counted(agentPreferences, 'agent preference', 'agent preferences')}
          note="Which model each agent uses"
          {...row('agentPreferences')}
        />
      )}
    </fieldset>
  );
}

function RequestSpan({ requests }: { requests: ImportPreview['requests'] }) {
  if (requests.oldestAt === null || requests.newestAt === null) return 'Figures and costs, no bodies';
  return (
    <>
      {'Figures and costs, no bodies; from '}
      <Time at={requests.oldestAt} show="clock" />
      {' to '}
      <Time at={requests.newestAt} show="clock" />
    </>
  );
}

function SettingList({ settings }: { settings: ImportPreview['settings'] }) {
  return settings.map(({ key, value, note }) => (
    <div key={key}>
      {settingLabel(key)}: {value}
      {note !== null && ` (${note})`}
    </div>
  ));
}

/** What is in the database and does not come, with the reason. */
export function StaysBehind({ skipped }: Pick<ImportPreview, 'skipped'>) {
  if (skipped.length === 0) return null;
  return (
    <section className="import-part" aria-label="What stays behind">
      <h3>What stays behind</h3>
      <ul>
        {skipped.map(({ what, count, reason }) => (
          <li key={`${what} ${reason}`} className="small secondary">
            <strong>{what}</strong> ({formatTokens(count)}): {reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
