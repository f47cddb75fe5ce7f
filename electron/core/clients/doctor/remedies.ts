import type { Remedy } from './facts.ts';

/** Where a desktop session of Linux may get variables from, besides shell profiles. */
const LINUX_SOURCES = [
  '~/.config/environment.d',
  '~/.pam_environment',
  '~/.xprofile',
  '~/.xsessionrc',
  '/etc/environment',
  '/etc/environment.d',
  '/etc/profile',
  '/etc/profile.d',
];

/** How to get rid of a variable that the whole session has; `name` is one that is watched. */
export function removalOf(name: string, platform: NodeJS.Platform): Remedy {
  switch (platform) {
    case 'win32':
      return {
        command: `[Environment]::SetEnvironmentVariable('${name}', $null, 'User')`,
        note: 'To remove it from your user variables, in PowerShell; then sign out and in again. When it is a system variable, an administrator writes Machine in place of User.',
      };
    case 'darwin':
      return {
        command: `launchctl unsetenv ${name}`,
        note: 'To remove it, in a terminal; then start this app and the terminals again. When it comes back at log-in, a file in ~/Library/LaunchAgents sets it.',
      };
    default:
      return {
        command: `grep -rns '${name}' ${LINUX_SOURCES.join(' ')}`,
        note: 'To find the file and the line that set it, in a terminal; take that line out, then log out and in again. When nothing is shown, the terminal that started this app had it: start the app from the desktop.',
      };
  }
}
