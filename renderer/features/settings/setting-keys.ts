import type { SettingKey, Settings } from '../../../shared/settings.ts';

/**
 * Settings that have no row on the page, and why. A setting belongs into one of the kinds below or into this
 * list: the page does not compile otherwise.
 */
export const WITHOUT_ROW = {
  onboarding: 'belongs to the first start on the overview',
} as const satisfies Record<string, string>;

/** Keys with a row. */
type RowKey = Exclude<SettingKey, keyof typeof WITHOUT_ROW>;
/** Settings of one type, so that words and inputs fit together. */
type KeysOf<T> = { [K in RowKey]: Settings[K] extends T ? K : never }[RowKey];

/** Keys whose control is made for them alone. */
export type OwnKey =
  | 'strategy'
  | 'exhaustion'
  | 'modelRoutes'
  | 'accountBoundModels'
  | 'fallbackConsent'
  | AccountKey;
/** Keys that name an account. */
export type AccountKey = 'pinnedAccountId' | 'fallbackAccountId';
/** Keys with a number. */
export type NumberKey = KeysOf<number>;
/** Keys with a text that is typed: those that may be any string. */
export type TextKey = { [K in RowKey]: string extends Settings[K] ? K : never }[Exclude<RowKey, OwnKey>];
/** Keys with a choice of words. */
export type ChoiceKey = Exclude<KeysOf<string>, TextKey | OwnKey>;
/** Keys that are on or off. */
export type SwitchKey = Exclude<KeysOf<boolean>, OwnKey>;

/** What a setting is called and what it does. */
export type Words = { label: string; description: string };
