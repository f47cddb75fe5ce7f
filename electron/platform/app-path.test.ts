import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { APP_URL, mediaType, resolveAppPath } from './app-path.ts';

const ROOT = path.resolve('/srv/app/renderer');

describe('app:// addresses', () => {
  it('lead to files of the page', () => {
    expect(resolveAppPath(ROOT, APP_URL)).toBe(path.join(ROOT, 'index.html'));
    expect(resolveAppPath(ROOT, 'app://dashboard/assets/a%20b.js?x=1#y')).toBe(
      path.join(ROOT, 'assets', 'a b.js'),
    );
  });

  it.each([
    'app://dashboard/../../etc/passwd',
    'app://dashboard/%2e%2e/%2e%2e/etc/passwd',
    'app://dashboard/..%2f..%2fetc/passwd',
    'app://dashboard/..%5c..%5cwindows',
    'app://dashboard/a%00.js',
    'app://dashboard/%ff',
    'app://other/index.html',
    'file:///etc/passwd',
    'https://dashboard/index.html',
    'nonsense',
  ])('attack: %s never leaves the folder', (address) => {
    const file = resolveAppPath(ROOT, address);
    expect(file === null || file.startsWith(ROOT + path.sep)).toBe(true);
  });

  it('get a media type', () => {
    expect(mediaType('a.js')).toMatch(/javascript/);
    expect(mediaType('a.bin')).toBe('application/octet-stream');
  });
});
