/** The Claude Code command line, installed into the cache; answers the path of the `claude` executable. */
export function ensureClaudeCli(): Promise<string>;
