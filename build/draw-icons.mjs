// Draws every icon of the app from one mark: three paths that flare out of one point. Run by hand when the mark
// changes (`node build/draw-icons.mjs`); the pictures are committed. No dependency: shapes are distance fields, the
// PNG writer is zlib and a checksum.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Distance from a point to the line a-b. */
function toSegment(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

// All in a unit square, y down.
const ROOT_POINT = [0.2, 0.5];
const TIPS = [
  [0.8, 0.18],
  [0.84, 0.5],
  [0.8, 0.82],
];
const line = (from, to, width) => (x, y) => toSegment(x, y, from, to) - width / 2;
const disc =
  ([cx, cy], radius) =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;
const ring = (centre, radius, width) => (x, y) => Math.abs(disc(centre, radius)(x, y)) - width / 2;
const union =
  (...shapes) =>
  (x, y) =>
    Math.min(...shapes.map((shape) => shape(x, y)));
const minus = (shape, hole) => (x, y) => Math.max(shape(x, y), -hole(x, y));

const WIDTH = 0.105;
const flare = union(
  ...TIPS.map((tip) => line(ROOT_POINT, tip, WIDTH)),
  disc(ROOT_POINT, 0.13),
  ...TIPS.map((tip) => disc(tip, 0.1)),
);

/** The states differ by shape, so that colour is not needed to tell them apart. */
const BADGE = [0.76, 0.76];
const clear = disc(BADGE, 0.29);
const SHAPES = {
  serving: flare,
  cooling: union(
    minus(flare, clear),
    ring(BADGE, 0.18, 0.075),
    line(BADGE, [BADGE[0], BADGE[1] - 0.11], 0.07),
    line(BADGE, [BADGE[0] + 0.08, BADGE[1]], 0.07),
  ),
  off: minus(union(flare), line([0.08, 0.92], [0.92, 0.08], 0.2)),
  attention: union(
    minus(flare, clear),
    line([BADGE[0], BADGE[1] - 0.2], [BADGE[0], BADGE[1] + 0.03], 0.1),
    disc([BADGE[0], BADGE[1] + 0.18], 0.06),
  ),
};
SHAPES.off = union(SHAPES.off, line([0.12, 0.88], [0.88, 0.12], 0.07));

const COLOURS = {
  light: { serving: [26, 127, 55], cooling: [154, 103, 0], off: [90, 96, 104], attention: [207, 34, 46] },
  dark: {
    serving: [87, 204, 117],
    cooling: [238, 180, 60],
    off: [170, 176, 184],
    attention: [255, 123, 114],
  },
};

/** Coverage 0..1 of a pixel by a shape. */
const coverage = (distance, size) => Math.max(0, Math.min(1, 0.5 - distance * size));

function paint(size, colourAt) {
  const pixels = Buffer.alloc(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const colour = colourAt((column + 0.5) / size, (row + 0.5) / size, size);
      pixels.set(colour.map(Math.round), (row * size + column) * 4);
    }
  }
  return png(size, pixels);
}

const flat =
  (shape, [r, g, b]) =>
  (x, y, size) => [r, g, b, 255 * coverage(shape(x, y), size)];

/** The app icon: the mark in white on a rounded square. */
function appIcon(x, y, size) {
  const [qx, qy] = [Math.abs(x - 0.5) - 0.3, Math.abs(y - 0.5) - 0.3];
  const square = Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) + Math.min(Math.max(qx, qy), 0) - 0.14;
  const inside = coverage(square, size);
  const mark = coverage(flare((x - 0.5) / 0.62 + 0.5, (y - 0.5) / 0.62 + 0.5) * 0.62, size);
  const ground = [24 + 20 * y, 84 - 14 * y, 96 + 34 * y];
  return [...ground.map((channel) => channel + (255 - channel) * mark), 255 * inside];
}

function png(size, pixels) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row += 1)
    pixels.copy(rows, row * (size * 4 + 1) + 1, row * size * 4, (row + 1) * size * 4);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function save(file, bytes) {
  const full = path.join(ROOT, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, bytes);
}

for (const [state, shape] of Object.entries(SHAPES)) {
  save(`resources/tray/${state}Template.png`, paint(16, flat(shape, [0, 0, 0])));
  save(`resources/tray/${state}Template@2x.png`, paint(32, flat(shape, [0, 0, 0])));
  for (const theme of ['light', 'dark']) {
    for (const [suffix, size] of [
      ['', 16],
      ['@1.25x', 20],
      ['@1.5x', 24],
      ['@2x', 32],
    ]) {
      save(`resources/tray/${state}-${theme}${suffix}.png`, paint(size, flat(shape, COLOURS[theme][state])));
    }
  }
}
for (const size of [16, 32, 48, 64, 128, 256, 512])
  save(`build/icons/${size}x${size}.png`, paint(size, appIcon));
save('build/icon.png', paint(1024, appIcon));
save('resources/icon.png', paint(256, appIcon));
