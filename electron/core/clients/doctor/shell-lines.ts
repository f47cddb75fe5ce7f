import { CONFIG_FOLDER, EXCEPTIONS, WATCHED } from './facts.ts';

/** Languages of shell profiles. */
export type Dialect = 'sh' | 'fish' | 'powershell';

/** A line of a profile that does nothing but set a variable we look for. */
export type Assignment = {
  readonly name: string;
  /** Null when the shell computes it; folders and lists of hosts are as they stand there. */
  readonly value: string | null;
  /** Counted from 1. */
  readonly number: number;
  readonly line: string;
};

/** What a profile says. */
export type ProfileFacts = { readonly set: readonly Assignment[]; readonly off: readonly Assignment[] };

/**
 * What a switched-off line begins with, after its indentation. The colon is the command that does nothing: a block
 * left with a comment only would be a syntax error in these shells.
 */
const MARK = 'switched off by ccflare: ';
const MARKS: Readonly<Record<Dialect, string>> = {
  sh: `: # ${MARK}`,
  fish: `: # ${MARK}`,
  powershell: `# ${MARK}`,
};

/** `'…'`, `"…"` or a word without anything that a shell would read; then at most a comment. */
const VALUE = String.raw`(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s'"\\;&|<>()#]*))\s*(?:#.*)?$`;

const ASSIGNMENTS: Readonly<Record<Dialect, RegExp>> = {
  sh: new RegExp(String.raw`^\s*(?:(?:export|declare -x|typeset -x)\s+)?(\w+)=${VALUE}`),
  fish: new RegExp(String.raw`^\s*(?:set(?:\s+-[A-Za-z-]+)+\s+(\w+)\s+|export\s+(\w+)=)${VALUE}`),
  powershell: new RegExp(String.raw`^\s*\$env:(\w+)\s*=\s*${VALUE}`, 'i'),
};

const REMOVALS: Readonly<Record<Dialect, RegExp>> = {
  sh: /^\s*unset\s+(?:-v\s+)?(\w+)\s*$/,
  fish: /^\s*set\s+(?:-e|--erase|-eg|-ge|-eU|-Ue)\s+(\w+)\s*$/,
  powershell: /^\s*Remove-Item\s+Env:\\?(\w+)\s*$/i,
};

/** A folder below $HOME, and lists of hosts, which mostly add to what they were: their own entries stand there. */
const WORKED_OUT: readonly string[] = [CONFIG_FOLDER, ...EXCEPTIONS];

/** Reads a profile line by line; only lines that are one plain assignment count. */
export function readProfile(text: string, dialect: Dialect): ProfileFacts {
  let set: Assignment[] = [];
  const off: Assignment[] = [];
  let continued = false;
  text.split(/\r\n|\n/).forEach((line, i) => {
    // Part of a command that began above.
    const alone = !continued;
    continued = dialect === 'powershell' ? line.endsWith('`') : line.endsWith('\\');
    if (!alone || continued || line.length > 10_000) return;
    const removed = REMOVALS[dialect].exec(line)?.[1];
    if (removed !== undefined) {
      set = set.filter(({ name }) => name !== knownName(removed, dialect));
      return;
    }
    const marked = withoutMark(line, dialect);
    const found = assignmentIn(marked ?? line, dialect);
    if (found !== null) (marked === null ? set : off).push({ ...found, number: i + 1, line });
  });
  return { set, off };
}

/** The line, switched off. */
export function switchedOff(line: string, dialect: Dialect): string {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return `${indent}${MARKS[dialect]}${line.slice(indent.length)}`;
}

/** A line that {@link switchedOff} made, as it was; null for any other. */
export function withoutMark(line: string, dialect: Dialect): string | null {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const mark = MARKS[dialect];
  return line.startsWith(mark, indent.length) ? indent + line.slice(indent.length + mark.length) : null;
}

function assignmentIn(line: string, dialect: Dialect): Pick<Assignment, 'name' | 'value'> | null {
  const match = ASSIGNMENTS[dialect].exec(line);
  if (match === null) return null;
  const groups = match.slice(1);
  const name = dialect === 'fish' ? (groups.shift() ?? groups[0]) : groups[0];
  const [single, double, bare] = groups.slice(-3);
  const known = knownName(name ?? '', dialect);
  if (known === null) return null;
  const text = single ?? double ?? bare ?? '';
  const computed = single === undefined && /[$`\\]/.test(text) && !WORKED_OUT.includes(known);
  return { name: known, value: computed ? null : text };
}

/** PowerShell does not tell capitals from small letters. */
function knownName(name: string, dialect: Dialect): string | null {
  const spelled = dialect === 'powershell' ? name.toUpperCase() : name;
  return WATCHED.has(spelled) ? spelled : null;
}
