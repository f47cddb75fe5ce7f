import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { firstLine, startBackground } from './background-process.mjs';
import { giveTo } from './unprivileged-user.mjs';

/**
 * Starts a message bus that nothing but our own programs is on: without service folders it starts no others,
 * so none are left behind.
 * @param {object} options
 * @param {string} options.runtimeFolder private to the user
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} options.user
 * @param {Array<() => Promise<void>>} options.stops
 */
export async function startSessionBus({ runtimeFolder, user, stops }) {
  const configFile = path.join(runtimeFolder, 'bus.conf');
  await writeFile(configFile, busConfig(path.join(runtimeFolder, 'bus')));
  await giveTo(user, configFile);
  const child = startBackground(
    'dbus-daemon',
    [`--config-file=${configFile}`, '--nofork', '--print-address=1'],
    {
      env: { ...process.env, XDG_RUNTIME_DIR: runtimeFolder },
      user,
      stdio: ['ignore', 'pipe', 'ignore'],
      stops,
    },
  );
  const address = await firstLine(child, child.stdout, 'dbus-daemon');
  return { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtimeFolder };
}

/** @param {string} socket */
function busConfig(socket) {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}
