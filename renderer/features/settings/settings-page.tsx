import { type RefCallback, useCallback } from 'react';
import type { SettingKey } from '../../../shared/settings.ts';
import { hrefOf } from '../../app/routes.ts';
import { AboutSection } from './about-section.tsx';
import { ChoiceSetting, SwitchSetting } from './choice-setting.tsx';
import { ClientKeysSection } from './client-keys-section.tsx';
import { NumberSetting } from './number-setting.tsx';
import { SETTING_GROUPS, type SettingGroup } from './setting-groups.ts';
import { CHOICES, type ChoiceKey, SWITCHES, type SwitchKey } from './setting-words.ts';
import { StorageSection } from './storage-section.tsx';
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
      <GroupContent id={group.id} />
    </section>
  );
}

function GroupContent({ id }: { id: string }) {
  switch (id) {
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

function Setting({ name }: { name: SettingKey }) {
  if (isSwitch(name)) return <SwitchSetting name={name} />;
  if (isChoice(name)) return <ChoiceSetting name={name} />;
  return <NumberSetting name={name} />;
}

function isSwitch(name: SettingKey): name is SwitchKey {
  return Object.hasOwn(SWITCHES, name);
}

function isChoice(name: SettingKey): name is ChoiceKey {
  return Object.hasOwn(CHOICES, name);
}
