/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/**
 * Whether node_modules holds what the lockfile asks for. npm writes what it installed to
 * `node_modules/.package-lock.json`, so no stamp of our own is needed and a plain `npm install` counts too.
 * Optional packages may be absent: most belong to other platforms.
 * @param {Lock | undefined} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json
 */
export function installedMatchesLock(wanted, installed) {
  if (!wanted?.packages || !installed?.packages) return false;
  for (const [place, entry] of Object.entries(wanted.packages)) {
    if (place === '') continue;
    const present = installed.packages[place];
    if (!present && !entry.optional) return false;
    if (present && !isSame(entry, present)) return false;
  }
  return true;
}

/**
 * @param {LockEntry} wanted
 * @param {LockEntry} present
 */
function isSame(wanted, present) {
  if (wanted.version !== present.version) return false;
  return !wanted.integrity || !present.integrity || wanted.integrity === present.integrity;
}
