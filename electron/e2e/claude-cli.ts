import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureClaudeCli } from '../../scripts/lib/claude-cli.mjs';

/** What a run of `claude` gave. */
export type ClaudeRun = { code: number | null; stdout: string; stderr: string };

/**
 * Runs the real CLI once: in a home of its own, so that nobody's login or settings are touched, or in the one that is
 * given, where its own settings file says where to go.
 */
export async function runClaude(options: {
  baseUrl?: string;
  home?: string;
  env: Record<string, string>;
  /** What is asked with `-p`. */
  prompt?: string;
  /** Another command than that. */
  args?: readonly string[];
  /** Longest run, ms. */
  withinMs?: number;
  /** Ends it early. */
  until?: AbortSignal;
  /** A command that runs the one behind it, such as a sandbox. */
  under?: readonly string[];
}): Promise<ClaudeRun> {
  const executable = await ensureClaudeCli();
  const own = options.home === undefined ? mkdtempSync(path.join(tmpdir(), 'ccflare-claude-')) : null;
  const home = options.home ?? own ?? '';
  const asked = options.args ?? ['-p', options.prompt ?? 'Hi.'];
  const [command = executable, ...args] = [...(options.under ?? []), executable, ...asked];
  const child = spawn(command, args, {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.withinMs ?? 90_000,
    // A group of its own, so that what runs below a shell ends with it.
    detached: options.under !== undefined,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      CLAUDE_CONFIG_DIR: path.join(home, '.claude'),
      ...(options.baseUrl === undefined ? {} : { ANTHROPIC_BASE_URL: options.baseUrl }),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      ...options.env,
    },
  });
  options.until?.addEventListener('abort', () => {
    if (options.under === undefined || child.pid === undefined) child.kill();
    else process.kill(-child.pid);
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (own !== null) rmSync(own, { recursive: true, force: true });
  return { code, stdout, stderr };
}
