#!/bin/sh
# Before the files go: put the settings of Claude Code back as they were, so that it does not stay pointed at an app
# that is no longer there. Packages are removed by root and the settings belong to people, so this runs as each person
# who has a standard data folder, with no rights but theirs and without a screen. Data folders elsewhere (--data-dir,
# XDG_CONFIG_HOME) and homes that root cannot read are unknown here; their apps do the same when they quit, which is
# the standard setting. Nothing here may keep the package from being removed.

# deb: "remove" (not "upgrade"). rpm: the number of versions that stay, 0 on removal.
case "$1" in
  remove | 0) ;;
  *) exit 0 ;;
esac

app=/opt/ccflare/ccflare
for tool in runuser timeout getent "$app"; do
  command -v "$tool" >/dev/null 2>&1 || exit 0
done

getent passwd | while IFS=: read -r user _ uid _ _ home _; do
  [ "$uid" != 0 ] && [ -d "$home/.config/ccflare-desktop" ] || continue
  runuser -u "$user" -- env -i \
    HOME="$home" USER="$user" LOGNAME="$user" PATH=/usr/local/bin:/usr/bin:/bin XDG_RUNTIME_DIR="/run/user/$uid" \
    timeout 30 "$app" --restore-clients --ozone-platform=headless --disable-gpu </dev/null || true
done
exit 0
