import { say } from './say.mjs';

/**
 * Runs a script to its end: what it returns is the exit code, an error is one line for the reader and code 1.
 * @param {() => Promise<number | void>} work
 */
export async function main(work) {
  try {
    process.exit((await work()) ?? 0);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    if (process.env.CCFLARE_DEBUG) console.error(error);
    process.exit(1);
  }
}
