import { FallbackAccountSetting, PinnedAccountSetting } from './account-setting.tsx';
import { BoundModelsSetting } from './bound-models-setting.tsx';
import { ConsentSetting } from './consent-setting.tsx';
import { ExhaustionSetting, StrategySetting } from './list-choice-setting.tsx';
import { ModelRoutesSetting } from './model-routes-setting.tsx';
import type { OwnKey } from './setting-keys.ts';

/** The settings that have a control of their own. */
export function OwnSetting({ name }: { name: OwnKey }) {
  switch (name) {
    case 'strategy':
      return <StrategySetting />;
    case 'exhaustion':
      return <ExhaustionSetting />;
    case 'pinnedAccountId':
      return <PinnedAccountSetting />;
    case 'fallbackAccountId':
      return <FallbackAccountSetting />;
    case 'fallbackConsent':
      return <ConsentSetting />;
    case 'modelRoutes':
      return <ModelRoutesSetting />;
    case 'accountBoundModels':
      return <BoundModelsSetting />;
  }
}
