/**
 * One line for the person at the terminal. Always stderr: stdout belongs to the application.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`[ccflare] ${text}\n`);
}
