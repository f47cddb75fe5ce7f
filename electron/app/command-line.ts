import path from 'node:path';
import type { EngineInit } from '../core/thread-contract.ts';

/** What the command line asks for. */
export type CommandLine = {
  dataDir: string | null;
  /** null = the setting decides; 0 = any free port. */
  port: number | null;
  window: boolean;
  demo: boolean;
  provision: string | null;
  /** What the engine is started for. */
  task: EngineInit['task'];
  /** Print and exit. */
  print: 'version' | 'help' | null;
};

/** Outcome: the wishes, or one sentence about what is wrong. */
export type ParsedCommandLine = { ok: true; value: CommandLine } | { ok: false; message: string };

export const HELP = `ccflare: use several of your own Claude accounts behind one local address

  --data-dir DIR     keep settings, accounts and history in DIR
  --port N           listen on this port for this run; 0 takes any free port
  --no-window        start in the tray only
  --demo             run on the built-in simulator, in a data folder of its own
  --provision FILE   apply a JSON file of settings, client keys and accounts
  --restore-clients  put the settings of Claude Code back as they were, and end; an app
                     that runs with this data folder does it and goes on. On Linux without
                     a screen add --ozone-platform=headless
  --version          print the version
  --help             print this

CCFLARE_PASSPHRASE unlocks the vault where no keychain is to be used.
`;

/** Switches of Chromium, Electron and their drivers that may stand beside ours. */
const FOREIGN =
  /^--(no-sandbox|password-store|user-data-dir|inspect|remote-debugging|remote-allow|disable-|enable-|ozone-|force-|use-|lang|gtk-version|js-flags|log-|headless|v=|vmodule|allow-|no-zygote|in-process-gpu|type=|autoplay-|hide-|mute-|proxy-|host-|ignore-|trace-|touch-|unsafely-|window-|edge-|export-|metrics-|no-first-run|no-default|no-service)/;

type Options = { cwd: string };
type Taker = (line: CommandLine, value: string, options: Options) => string | null;

const FLAGS: Record<string, (line: CommandLine) => void> = {
  '--no-window': (line) => {
    line.window = false;
  },
  '--demo': (line) => {
    line.demo = true;
  },
  '--restore-clients': (line) => {
    line.task = 'restore-clients';
    line.window = false;
  },
  '--version': (line) => {
    line.print = 'version';
  },
  '--help': (line) => {
    line.print = 'help';
  },
};

const VALUED: Record<string, Taker> = {
  '--data-dir': (line, value, { cwd }) => {
    line.dataDir = path.resolve(cwd, value);
    return null;
  },
  '--provision': (line, value, { cwd }) => {
    line.provision = path.resolve(cwd, value);
    return null;
  },
  '--port': (line, value) => {
    const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(port <= 65_535)) return `--port takes a number from 0 to 65535, not "${value.slice(0, 20)}".`;
    line.port = port;
    return null;
  },
};

/**
 * Reads the arguments after the executable. Words without dashes are ignored: an unpackaged Electron passes the
 * folder of the app, and a second instance gets whatever the system adds. Pure.
 */
export function parseCommandLine(args: readonly string[], options: Options): ParsedCommandLine {
  const line: CommandLine = {
    dataDir: null,
    port: null,
    window: true,
    demo: false,
    provision: null,
    task: 'serve',
    print: null,
  };
  for (let index = 0; index < args.length; index += 1) {
    const [name = '', inline] = splitFlag(args[index] ?? '');
    if (!name.startsWith('--')) continue;
    const take = Object.hasOwn(VALUED, name) ? VALUED[name] : undefined;
    if (take) {
      if (inline === null) index += 1;
      const value = inline ?? args[index];
      if (value === undefined || value === '' || value.startsWith('--'))
        return { ok: false, message: `${name} needs a value. Try --help.` };
      const problem = take(line, value, options);
      if (problem !== null) return { ok: false, message: problem };
    } else if (Object.hasOwn(FLAGS, name) && inline === null) {
      FLAGS[name]?.(line);
    } else if (!FOREIGN.test(args[index] ?? '')) {
      return { ok: false, message: `unknown option ${name.slice(0, 60)}. Try --help.` };
    }
  }
  return { ok: true, value: line };
}

function splitFlag(word: string): [string, string | null] {
  const at = word.indexOf('=');
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}
