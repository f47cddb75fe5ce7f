import type { Diff } from '../../../shared/clients.ts';
import { AppError } from '../errors.ts';
import {
  type Baseline,
  type IsOurs,
  isAsBefore,
  remember,
  removeSettings,
  textOf,
  withoutUs,
  withUs,
  writeSettings,
} from './baseline.ts';
import { type Surroundings, settingsFile } from './claude-code-places.ts';
import { readSnapshot, type Snapshot } from './file-access.ts';
import { encode } from './json-text.ts';
import { addressWithKey, type Recognition, readAddress } from './own-address.ts';
import { ADDRESS, HINTS, OUR_NAMES, type OurName, place, variable, type Wanted } from './placement.ts';
import { diffOf } from './settings-diff.ts';
import type { SetUp, SetupRecord, SetupRecords } from './setup-record.ts';

/** Value of {@link HINTS} that switches the headers on. */
const HINTS_ON = '1';

/** How often a write starts again when another program changed the file in between. */
const TRIES = 3;

/** Shown where a preview has a key. */
const DOTS = '••••••••';

/** What the set-up of Claude Code needs. */
export type ClaudeCodeDeps = {
  readonly here: Surroundings;
  readonly records: SetupRecords;
  /** Null while the proxy does not listen. */
  readonly port: () => number | null;
  /** The port it would listen on. */
  readonly configuredPort: () => number;
  readonly key: () => string;
  readonly isOwnKey: (secret: string) => boolean;
  readonly keyRequired: () => boolean;
};

/** A change of the settings text that goes together with the set-up. */
export type Edit = (text: string) => string;

/** What became of an attempt to bring the settings up to date. */
export type Outcome = 'written' | 'unchanged' | 'drifted';

/** Puts our address into Claude Code's settings and takes it out again. Calls must not overlap. */
export class ClaudeCode {
  readonly #deps: ClaudeCodeDeps;

  constructor(deps: ClaudeCodeDeps) {
    this.#deps = deps;
  }

  /** The settings file: the one that is set up, else the one of the present environment. */
  fileOf(record: SetupRecord): string {
    return record.setUp?.file ?? settingsFile(this.#deps.here);
  }

  /** The record as far as it is about the file that Claude Code reads now. */
  present(record: SetupRecord): SetupRecord {
    const file = settingsFile(this.#deps.here);
    const setUp = [record.setUp, ...record.left].find((known) => known?.file === file) ?? null;
    return { ...record, setUp };
  }

  /** Tells addresses of ours from others. */
  recognition(setUp: SetUp | null): Recognition {
    const { port, isOwnKey, keyRequired } = this.#deps;
    const formerPorts = setUp === null ? [] : [setUp.port];
    // While the proxy is off, the port it was set up with is the one that is meant.
    const present = port() ?? setUp?.port ?? null;
    return { port: present, formerPorts, isOwnKey, keyRequired: keyRequired() };
  }

  /**
   * What the user chose: sets up now, or as soon as the proxy listens, over whatever somebody has put there since.
   * @throws AppError `client_settings_unreadable`, `client_settings_changed`, `vault_locked`, `data_dir_unusable`
   */
  async apply(hints: boolean): Promise<Outcome> {
    const record = await this.#deps.records.load();
    const port = this.#deps.port();
    if (port !== null) return this.#write({ ...record, wanted: true, hints }, port);
    await this.#deps.records.save({ ...record, wanted: true, hints });
    return 'unchanged';
  }

  /**
   * The proxy listens: sets up or repairs when that is wanted, puts back what is not. Values that somebody changed
   * by hand stay. @throws AppError as {@link apply}
   */
  async resume(port: number): Promise<Outcome> {
    const record = await this.#settled(await this.#deps.records.load());
    if (!record.wanted) return this.#putBack(record);
    const { setUp } = record;
    if (setUp === null || setUp.file !== settingsFile(this.#deps.here)) return this.#write(record, port);
    const now = await readSnapshot(setUp.file);
    if (isAsBefore(now, setUp)) return this.#write(record, port);
    const wanted = this.#wanted(record.hints, port);
    const text = textOf(now?.bytes ?? null).text;
    if (Object.entries(wanted).every(([name, value]) => variable(text, name) === value)) return 'unchanged';
    const drifted = this.drifted(text, record);
    if (drifted.length === 0) return this.#write(record, port);
    if (!drifted.includes(ADDRESS)) await this.#repair(record, setUp, now, port);
    return 'drifted';
  }

  /**
   * Puts the settings back as they were. `forGood`: the user does not want the set-up any more.
   * @throws AppError as {@link apply}
   */
  async restore(forGood: boolean): Promise<Outcome> {
    const record = await this.#settled(await this.#deps.records.load());
    if (!forGood) return this.#putBack(record);
    // First, so that the next start tries again should this fail.
    const unwanted = { ...record, wanted: false };
    if (record.wanted) await this.#deps.records.save(unwanted);
    return this.#putBack(unwanted, true);
  }

  /**
   * What {@link apply} or {@link restore} would do, with secrets hidden. `edits` come first.
   * @throws AppError as {@link apply}
   */
  async preview(action: 'apply' | 'restore', hints: boolean, edits: readonly Edit[]): Promise<Diff> {
    const stored = await this.#deps.records.load();
    const record = action === 'apply' ? this.present(stored) : stored;
    const file = this.fileOf(record);
    const before = await readSnapshot(file);
    const now = edits.reduce(edited, before);
    const baseline = await withoutUs(this.#deps.records, now, record.setUp, this.#isOurs(record.setUp));
    const next =
      action === 'restore' ? baseline : withUs(baseline, this.#previewed(now, hints, record.setUp));
    const textIn = (bytes: Baseline): string | null => (bytes === null ? null : textOf(bytes).text);
    return { file, lines: diffOf(textIn(before?.bytes ?? null), textIn(next)) };
  }

  /** Names of our variables that somebody changed or removed since we set them. */
  drifted(text: string, record: SetupRecord): OurName[] {
    const { hints, setUp } = record;
    if (setUp === null) return [];
    const isOurs = this.#isOurs(setUp);
    const set = OUR_NAMES.filter((name) => name === ADDRESS || hints);
    return set.filter((name) => !isOurs(name, variable(text, name)));
  }

  async #write(stored: SetupRecord, port: number): Promise<Outcome> {
    const { records, here } = this.#deps;
    const file = settingsFile(here);
    const record = await this.#movedOn(stored);
    const old = record.setUp;
    const wanted = this.#wanted(record.hints, port);
    return this.#again(async () => {
      const now = await readSnapshot(file);
      const baseline = await withoutUs(records, now, old, this.#isOurs(old));
      const next = withUs(baseline, wanted);
      const setUp = await remember(records, { file, baseline, next, wanted, port }, old);
      await records.save({ ...record, setUp });
      if (now?.bytes.equals(next) === true) return 'unchanged';
      await writeSettings(file, now, next);
      return 'written';
    });
  }

  /**
   * The record for the present place. When CLAUDE_CONFIG_DIR has moved, the old place is left as it was found; a file
   * there that is not readable now must not keep the new one from being set up, and is put back later.
   */
  async #movedOn(stored: SetupRecord): Promise<SetupRecord> {
    const { setUp } = this.present(stored);
    const left = stored.left.filter(({ file }) => file !== setUp?.file);
    if (stored.setUp === null || stored.setUp.file === setUp?.file) return { ...stored, setUp, left };
    try {
      await this.#putBack(stored);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      left.push(stored.setUp);
    }
    return { ...stored, setUp, left };
  }

  /** Tries again to put back what was left behind. */
  async #settled(record: SetupRecord): Promise<SetupRecord> {
    const left: SetUp[] = [];
    for (const setUp of record.left) {
      await this.#putFileBack(setUp.file, setUp).catch((error: unknown) => {
        if (!isUnreadable(error)) throw error;
        left.push(setUp);
      });
    }
    if (left.length === record.left.length) return record;
    await this.#deps.records.save({ ...record, left });
    return { ...record, left };
  }

  /** Only the address is brought up to date, in a file that is not ours alone any more. */
  async #repair(record: SetupRecord, setUp: SetUp, now: Snapshot, port: number): Promise<void> {
    const { text, bom } = textOf(now?.bytes ?? null);
    const next = place(text, { [ADDRESS]: addressWithKey(port, this.#deps.key()) });
    if (next === text) return;
    await this.#deps.records.save({ ...record, setUp: { ...setUp, port } });
    await writeSettings(setUp.file, now, encode({ text: next, bom }));
  }

  /** `adopted`: also an address of ours that is there without a record. */
  #putBack(record: SetupRecord, adopted = false): Promise<Outcome> {
    const { records } = this.#deps;
    const { setUp } = record;
    if (setUp === null && !adopted) return Promise.resolve('unchanged');
    const file = this.fileOf(record);
    return this.#again(async () => {
      const { now, same } = await this.#putFileBack(file, setUp);
      const drifted =
        setUp === null || isAsBefore(now, setUp) ? [] : this.drifted(textOf(now?.bytes ?? null).text, record);
      // What somebody has changed is their choice, also for the next start, which knows nothing of this one.
      const wanted = record.wanted && !drifted.includes(ADDRESS);
      const hints = record.hints && !drifted.includes(HINTS);
      await records.save({ ...record, wanted, hints, setUp: null });
      if (drifted.length > 0) return 'drifted';
      return same ? 'unchanged' : 'written';
    });
  }

  async #putFileBack(file: string, setUp: SetUp | null): Promise<{ now: Snapshot; same: boolean }> {
    const now = await readSnapshot(file);
    const baseline = await withoutUs(this.#deps.records, now, setUp, this.#isOurs(setUp));
    const same = baseline === null ? now === null : now?.bytes.equals(baseline) === true;
    // Also where the file is gone already: a crash may have left something beside it, and the folder that we made.
    if (baseline === null) await removeSettings(file, now, setUp?.folderExisted ?? true);
    else if (!same) await writeSettings(file, now, baseline);
    return { now, same };
  }

  async #again(work: () => Promise<Outcome>): Promise<Outcome> {
    for (let left = TRIES - 1; ; left -= 1) {
      try {
        return await work();
      } catch (error) {
        if (left === 0 || !(error instanceof AppError) || error.code !== 'client_settings_changed')
          throw error;
      }
    }
  }

  #wanted(hints: boolean, port: number): Wanted {
    return { [ADDRESS]: addressWithKey(port, this.#deps.key()), ...(hints ? { [HINTS]: HINTS_ON } : {}) };
  }

  /** As {@link #wanted}, but without making or showing a key: one that fits already counts as unchanged. */
  #previewed(now: Snapshot, hints: boolean, setUp: SetUp | null): Wanted {
    const value = variable(textOf(now?.bytes ?? null).text, ADDRESS);
    const facts = readAddress(value, this.recognition(setUp));
    const fits = facts.kind === 'own' && facts.current && typeof value === 'string';
    const address = fits ? value : addressWithKey(this.#deps.port() ?? this.#deps.configuredPort(), DOTS);
    return { [ADDRESS]: address, ...(hints ? { [HINTS]: HINTS_ON } : {}) };
  }

  #isOurs(setUp: SetUp | null): IsOurs {
    const recognition = this.recognition(setUp);
    return (name, value) =>
      name === ADDRESS
        ? readAddress(value, recognition).kind === 'own'
        : value === HINTS_ON && setUp?.previous[HINTS] !== undefined;
  }
}

function edited(now: Snapshot, edit: Edit): Snapshot {
  const { text, bom } = textOf(now?.bytes ?? null);
  return { bytes: encode({ text: edit(text), bom }), mode: now?.mode ?? 0 };
}

function isUnreadable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'client_settings_unreadable';
}
