/**
 * Colour of a point: red, green, blue 0..255, alpha 0..1. `u` and `v` run 0..1 over the square; `size` is its
 * side in pixels.
 * @typedef {(u: number, v: number, size: number) => [number, number, number, number]} Painter
 */
/** @typedef {'serving' | 'cooling' | 'off' | 'attention'} State */
/** @typedef {readonly [number, number]} Point */

/** Polylines of the mark in a 16 x 16 square: upper, middle and lower path, and the way out. */
const MARK = paths();
const HALF_WIDTH = 0.95;

const INK = { light: [38, 40, 46], dark: [240, 241, 244], template: [0, 0, 0] };
const BADGE = {
  serving: { light: [20, 133, 74], dark: [74, 222, 128] },
  cooling: { light: [180, 95, 6], dark: [251, 191, 36] },
  attention: { light: [185, 28, 28], dark: [248, 113, 113] },
};

/** Middle of the badge, in the 16 x 16 square of a tray icon. */
const BADGE_AT = /** @type {Point} */ ([12.2, 12.2]);

/**
 * A tray icon: the mark, and a badge whose shape alone tells the state (dot, clock, bang; a bar and a faded mark
 * when off).
 * @param {State} state
 * @param {'light' | 'dark' | 'template'} theme of the bar it stands on
 * @returns {Painter}
 */
export function trayIcon(state, theme) {
  const ink = INK[theme];
  const badge = state === 'off' || theme === 'template' ? ink : BADGE[state][theme];
  return (u, v) => {
    const point = /** @type {Point} */ ([u * 16, v * 16]);
    if (badgeCovers(state, point)) return rgba(badge, 1);
    const raised = /** @type {Point} */ ([point[0], point[1] + 1.9]);
    return rgba(ink, nearMark(raised) ? (state === 'off' ? 0.55 : 1) : 0);
  };
}

/** @param {State} state @param {Point} point */
function badgeCovers(state, point) {
  const [x, y] = BADGE_AT;
  const distance = Math.hypot(point[0] - x, point[1] - y);
  if (state === 'serving') return distance < 3;
  if (state === 'off') return segmentDistance(point, [x - 2.2, y], [x + 2.2, y]) < 0.95;
  if (state === 'cooling') {
    const hands = Math.min(
      segmentDistance(point, [x, y + 0.2], [x, y - 1.8]),
      segmentDistance(point, [x, y + 0.2], [x + 1.4, y + 0.2]),
    );
    return (distance < 3.8 && distance > 2.65) || hands < 0.55;
  }
  const bang = segmentDistance(point, [x, y - 2.6], [x, y]) < 1;
  return bang || Math.hypot(point[0] - x, point[1] - y - 2.6) < 1.1;
}

/**
 * The app icon: the mark in white on a rounded dark plate, the way out in the accent colour.
 * @type {Painter}
 */
export function appIcon(u, v, size) {
  const margin = size >= 64 ? 0.06 : 0;
  if (plateDistance(u, v, margin) > 0) return [0, 0, 0, 0];
  const inner = 1 - 2 * margin;
  const point = /** @type {Point} */ ([((u - margin) / inner) * 19 - 1.5, ((v - margin) / inner) * 20 - 2]);
  const out = segmentDistance(point, [10.2, 8], [14.3, 8]) < HALF_WIDTH;
  if (out) return [94, 234, 180, 1];
  if (nearMark(point)) return [244, 245, 248, 1];
  const shade = 1 - v;
  return [24 + 20 * shade, 28 + 24 * shade, 40 + 34 * shade, 1];
}

/** @param {number} u @param {number} v @param {number} margin */
function plateDistance(u, v, margin) {
  const radius = 0.2;
  const half = 0.5 - margin - radius;
  const x = Math.max(Math.abs(u - 0.5) - half, 0);
  const y = Math.max(Math.abs(v - 0.5) - half, 0);
  return Math.hypot(x, y) - radius;
}

/** @param {Point} point */
function nearMark(point) {
  return MARK.some((line) => polylineDistance(point, line) < HALF_WIDTH);
}

/** @returns {Point[][]} */
function paths() {
  const upper = curve([1.7, 3.2], [5.6, 3.2], [5.6, 8], [10, 8]);
  const lower = curve([1.7, 12.8], [5.6, 12.8], [5.6, 8], [10, 8]);
  return [
    upper,
    lower,
    [
      [1.8, 8],
      [14.2, 8],
    ],
  ];
}

/** @param {Point} a @param {Point} b @param {Point} c @param {Point} d @returns {Point[]} cubic Bezier curve */
function curve(a, b, c, d) {
  return Array.from({ length: 25 }, (_, step) => {
    const t = step / 24;
    const s = 1 - t;
    /** @param {0 | 1} axis */
    const at = (axis) =>
      s ** 3 * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t ** 3 * d[axis];
    return /** @type {Point} */ ([at(0), at(1)]);
  });
}

/** @param {Point} point @param {Point[]} line */
function polylineDistance(point, line) {
  let nearest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < line.length; index += 1) {
    nearest = Math.min(nearest, segmentDistance(point, line[index - 1] ?? point, line[index] ?? point));
  }
  return nearest;
}

/** @param {Point} p @param {Point} a @param {Point} b distance of a point from a segment with round ends */
function segmentDistance(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy);
  const t = Math.min(Math.max(along, 0), 1);
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

/** @param {readonly number[]} colour @param {number} alpha @returns {[number, number, number, number]} */
function rgba([red = 0, green = 0, blue = 0], alpha) {
  return [red, green, blue, alpha];
}
