import { type RefCallback, useCallback } from 'react';
import { DEFAULT_SETTINGS, type SettingKey } from '../../../shared/settings.ts';
import { useFromState } from '../../api/queries.ts';
import { hrefOf } from '../../app/routes.ts';
import { AboutSection } from './about-section.tsx';
import { ChoiceSetting, SwitchSetting } from './choice-setting.tsx';
import { ClientKeysSection } from './client-keys-section.tsx';
import { EnvironmentNote } from './environment-note.tsx';
import { NumberSetting } from './number-setting.tsx';
import { NUMBERS } from './number-words.ts';
import { OwnSetting } from './own-setting.tsx';
import { SETTING_GROUPS, type SettingGroup } from './setting-groups.ts';
import {
  type ChoiceKey,
  type NumberKey,
  type OwnKey,
  type SwitchKey,
  type TextKey,
  WITHOUT_ROW,
} from './setting-keys.ts';
import { CHOICES, OWN, SWITCHES } from './setting-words.ts';
import { StorageSection } from './storage-section.tsx';
import { TextSetting } from './text-setting.tsx';
import { TEXTS } from './text-words.ts';
import { VaultSection } from './vault-section.tsx';

/** Every setting in groups; `group` scrolls to one, as the way out of an error does. */
export function SettingsPage({ group }: { group: string | null }) {
  return (
    <div className="page settings">
      <nav className="settings-nav" aria-label="Settings">
        <h1>Settings</h1>
        {SETTING_GROUPS.map(({ id, title }) => (
          <a key={id} href={hrefOf('settings', id)} aria-current={id === group ? 'true' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <div className="settings-groups">
        <EnvironmentNote />
        {SETTING_GROUPS.map((entry) => (
          <Group key={entry.id} group={entry} target={entry.id === group} />
        ))}
      </div>
    </div>
  );
}

function Group({ group, target }: { group: SettingGroup; target: boolean }) {
  const reveal: RefCallback<HTMLElement> = useCallback(
    (element) => {
      if (target) element?.scrollIntoView({ block: 'start' });
    },
    [target],
  );
  return (
    <section ref={reveal} className="settings-group" aria-labelledby={`group-${group.id}`}>
      <h2 id={`group-${group.id}`}>{group.title}</h2>
      {group.keys.map((key) => (
        <Setting key={key} name={key} />
      ))}
      {group.advanced && <Advanced keys={group.advanced} />}
      <GroupContent id={group.id} />
    </section>
  );
}

/** Folded away; says from outside when something in it is not as it was. */
function Advanced({ keys }: { keys: readonly SettingKey[] }) {
  const changed = useFromState(
    ({ settings }) => keys.filter((key) => settings[key] !== DEFAULT_SETTINGS[key]).length,
  );
  return (
    <details className="advanced">
      <summary>
        Advanced
        {changed > 0 && <span className="secondary">, {changed} changed</span>}
      </summary>
      {keys.map((key) => (
        <Setting key={key} name={key} />
      ))}
    </details>
  );
}

function GroupContent({ id }: { id: string }) {
  switch (id) {
    case 'claude-code':
      return <ClaudeCodeFoot />;
    case 'client-keys':
      return <ClientKeysSection />;
    case 'storage':
      return <StorageSection />;
    case 'secrets':
      return <VaultSection />;
    case 'about':
      return <AboutSection />;
    default:
      return null;
  }
}

function ClaudeCodeFoot() {
  return (
    <p className="group-foot">
      <a href={hrefOf('clients')}>Set up Claude Code and other clients</a>
    </p>
  );
}

/** The row that fits the setting's kind. What is left over after all kinds has to be named in the list. */
function Setting({ name }: { name: SettingKey }) {
  if (isIn(SWITCHES, name)) return <SwitchSetting name={name} />;
  if (isIn(CHOICES, name)) return <ChoiceSetting name={name} />;
  if (isIn(NUMBERS, name)) return <NumberSetting name={name} />;
  if (isIn(OWN, name)) return <OwnSetting name={name} />;
  if (isIn(TEXTS, name)) return <TextSetting name={name} />;
  throw new Error(`${name} has no row: it ${WITHOUT_ROW[name]}.`);
}

function isIn<K extends SwitchKey | ChoiceKey | NumberKey | TextKey | OwnKey>(
  table: Record<K, unknown>,
  name: SettingKey,
): name is K {
  return Object.hasOwn(table, name);
}
