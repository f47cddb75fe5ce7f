import { describe, expect, it } from 'vitest';
import { installedMatchesLock } from './installed-matches-lock.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
};
const installed = (zod: object) => ({ packages: { 'node_modules/zod': zod } });

describe('installedMatchesLock', () => {
  it('is content when only packages of other platforms are absent', () => {
    expect(installedMatchesLock(lock, installed({ version: '4.0.0', integrity: 'sha512-a' }))).toBe(true);
  });

  it.each([
    ['a package is missing', { packages: {} }],
    ['a version differs', installed({ version: '4.0.1' })],
    ['the same version has another content', installed({ version: '4.0.0', integrity: 'sha512-b' })],
    ['nothing is installed', undefined],
  ])('asks for an install when %s', (_case, found) => {
    expect(installedMatchesLock(lock, found)).toBe(false);
  });
});
