import { createHash } from 'node:crypto';
import type { Finding } from '../../../../shared/clients.ts';
import type { Surroundings } from '../claude-code-places.ts';
import type { AddressFacts } from '../own-address.ts';
import type { OwnPlace } from './detours.ts';
import type { Fact, Fix } from './facts.ts';
import type { FixNote } from './fix-notes.ts';
import type { Gathered } from './gather.ts';

/** A finding, and the change that its button makes. */
export type Diagnosis = Finding & { readonly action: Fix | null };

/** What the findings are made from. */
export type Examined = Gathered & {
  readonly here: Surroundings;
  /** The facts that Claude Code takes notice of. */
  readonly heeded: readonly Fact[];
  /** Where its requests are to arrive. */
  readonly ownPlace: OwnPlace;
  /** The user's settings file, and whether it can be changed. */
  readonly userFile: string;
  readonly userFileReadable: boolean;
  /** Whether Claude Code takes no notice of it, since it is no plain JSON. */
  readonly userFileIgnored: boolean;
  /** Whether other users of this computer can read it. */
  readonly userFileExposed: boolean;
  readonly leadsTo: (value: string | null) => AddressFacts;
  readonly claudeCode: { readonly found: boolean; readonly command: string | null };
  /** Changes made by earlier fixes that can be taken back. */
  readonly notes: readonly FixNote[];
  /** Settings files that are out of use and could not be put back. */
  readonly left: readonly string[];
};

/** A stable id: the same thing in the same place has the same one, and it tells nothing. */
export function idOf(kind: string, ...parts: readonly string[]): string {
  return `${kind}:${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)}`;
}

/** What a button would do, in words; null for none. */
function wordsOf(fix: Fix | null): string | null {
  switch (fix?.kind) {
    case 'make-plain':
      return 'Takes comments and trailing commas out of the file. A copy of it as it was is kept in the data folder of this app, below clients/fixes.';
    case 'take-out':
      return `Takes ${fix.path.at(-1) ?? ''} out of the file. A backup is kept, and it can be put back here.`;
    case 'set':
      return `Sets ${fix.path.at(-1) ?? ''} in Claude Code's settings, so that it comes here without the proxy. It can be taken back here.`;
    case 'line-off':
      return 'Turns the line into a comment. A backup is kept, and it can be switched on again here.';
    case 'line-on':
      return 'Switches the line on again.';
    case 'take-back':
      return 'Makes the file as it was before in this place.';
    default:
      return null;
  }
}

/** A finding in words, with the change that its button makes. */
export function diagnosis(
  said: Pick<Finding, 'id' | 'level' | 'title' | 'detail'> & Partial<Pick<Finding, 'withSetUp' | 'remedy'>>,
  action: Fix | null = null,
): Diagnosis {
  return { withSetUp: false, remedy: null, ...said, fix: wordsOf(action), action };
}

/** A finding about one variable in one place. What no button can take away, a command may. */
export function aboutFact(
  fact: Fact,
  said: Pick<Finding, 'level' | 'title' | 'detail'>,
  action: Fix | null = fact.away,
): Diagnosis {
  const id = idOf('variable', fact.name, fact.place.label);
  const remedy = action === null && said.level !== 'ok' ? (fact.remedy ?? null) : null;
  return diagnosis({ id, ...said, remedy }, action);
}
