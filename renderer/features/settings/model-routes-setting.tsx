import { ArrowRight, ArrowUp, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type Settings, settingsSchema } from '../../../shared/settings.ts';
import { useSlice } from '../../api/queries.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { AccountSelect, REMOVED_WORDS } from './account-select.tsx';
import { RowsFoot } from './rows-foot.tsx';
import { OWN } from './setting-words.ts';
import { useRowsDraft } from './use-rows-draft.ts';
import { useSaved } from './use-saved.ts';
import { WideSetting } from './wide-setting.tsx';

type Route = Settings['modelRoutes'][number];

const EMPTY: Route = { model: '', accountId: '' };

/** Which models go to which account first; rows are tried from the top. */
export function ModelRoutesSetting() {
  const { label, description } = OWN.modelRoutes;
  const { stored, save, saving } = useSaved('modelRoutes', label);
  const draft = useRowsDraft(stored);
  const [checked, setChecked] = useState(false);
  const routes = written(draft.rows.map(({ value }) => value));
  const problem = routesProblem(routes);
  const discard = () => {
    setChecked(false);
    draft.discard();
  };
  const onSave = () => {
    setChecked(true);
    if (problem === null) save(routes, {}, discard);
  };
  return (
    <WideSetting
      label={label}
      description={description}
      reset={stored.length === 0 ? null : { text: 'no routes', run: () => save([], {}, discard) }}
    >
      <ul className="setting-rows">
        {draft.rows.map(({ key, value }, index) => (
          <RouteRow
            key={key}
            number={index + 1}
            route={value}
            onChange={(route) => draft.change(key, route)}
            onRaise={index === 0 ? null : () => draft.raise(key)}
            onRemove={() => draft.remove(key)}
          />
        ))}
      </ul>
      <RowsFoot
        noun="route"
        problem={checked ? problem : null}
        isChanged={draft.isChanged}
        saving={saving}
        onAdd={() => draft.add(EMPTY)}
        onSave={onSave}
        onDiscard={discard}
      />
    </WideSetting>
  );
}

type RouteRowProps = {
  number: number;
  route: Route;
  onChange: (route: Route) => void;
  onRaise: (() => void) | null;
  onRemove: () => void;
};

function RouteRow({ number, route, onChange, onRaise, onRemove }: RouteRowProps) {
  const accounts = useSlice('accounts');
  const isGone = route.accountId !== '' && !accounts.some(({ id }) => id === route.accountId);
  return (
    <li className="route-row">
      <input
        className="input mono"
        aria-label={`Model of route ${number}`}
        placeholder="claude-opus-*"
        value={route.model}
        onChange={(event) => onChange({ ...route, model: event.target.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <ArrowRight size={14} aria-hidden className="faint" />
      <AccountSelect
        label={`Account of route ${number}`}
        accounts={accounts}
        value={route.accountId === '' ? null : route.accountId}
        none="Choose an account"
        onChange={(id) => onChange({ ...route, accountId: id ?? '' })}
      />
      {onRaise ? <IconButton icon={ArrowUp} label={`Move route ${number} up`} onClick={onRaise} /> : <span />}
      <IconButton icon={Trash2} label={`Remove route ${number}`} onClick={onRemove} />
      {isGone && (
        <div className="field-error" role="alert">
          {REMOVED_WORDS}
        </div>
      )}
    </li>
  );
}

/** Rows in which something is written, trimmed. */
function written(routes: readonly Route[]): Route[] {
  return routes
    .map(({ model, accountId }) => ({ model: model.trim(), accountId }))
    .filter(({ model, accountId }) => model !== '' || accountId !== '');
}

function routesProblem(routes: readonly Route[]): string | null {
  if (routes.some(({ model }) => model === '')) return 'Enter a model in each row, such as claude-opus-*.';
  if (routes.some(({ accountId }) => accountId === '')) return 'Choose an account in each row.';
  if (settingsSchema.shape.modelRoutes.safeParse(routes).success) return null;
  return 'Use at most 50 rows and 120 characters for each model.';
}
