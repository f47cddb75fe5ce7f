// Draws every icon of the app: node build/draw-icons.mjs
// Three paths join into one and go on as one: that is what the app does. Shapes are signed distances, so each size
// is drawn for itself and stays crisp.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodePng } from './png.mjs';
import { appIcon, trayIcon } from './shapes.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const STATES = /** @type {const} */ (['serving', 'cooling', 'off', 'attention']);
const APP_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** A tray icon has 16 points per side; notification areas show it at 16, 20, 24, 32 and 48 pixels. */
const TRAY_POINTS = 16;
const TRAY_SCALES = [1, 1.25, 1.5, 2, 3];

/** @param {string} name @param {number} size @param {import('./shapes.mjs').Painter} painter */
function write(name, size, painter) {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, encodePng(size, painter));
}

for (const state of STATES) {
  for (const scale of TRAY_SCALES) {
    const suffix = scale === 1 ? '' : `@${scale}x`;
    const size = TRAY_POINTS * scale;
    write(`resources/tray/${state}-light${suffix}.png`, size, trayIcon(state, 'light'));
    write(`resources/tray/${state}-dark${suffix}.png`, size, trayIcon(state, 'dark'));
  }
  // Linux panels scale one picture themselves; 24 pixels is what most of them show.
  write(`resources/tray/${state}-light-24.png`, 24, trayIcon(state, 'light'));
  write(`resources/tray/${state}-dark-24.png`, 24, trayIcon(state, 'dark'));
  write(`resources/tray/${state}Template.png`, 16, trayIcon(state, 'template'));
  write(`resources/tray/${state}Template@2x.png`, 32, trayIcon(state, 'template'));
}
for (const size of APP_SIZES) write(`build/icons/${size}x${size}.png`, size, appIcon);
write('build/icon.png', 1024, appIcon);
write('resources/icon.png', 256, appIcon); // of windows on Linux
