import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourcesHash } from './sources-hash.mjs';

let root = '';

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ccflare-hash-'));
  write('electron/main.ts', 'start()');
  write('package.json', '{}');
});

afterEach(() => rmSync(root, { recursive: true }));

describe('sourcesHash', () => {
  it.each([
    ['a source changes', 'electron/main.ts'],
    ['a source is added', 'renderer/features/new.tsx'],
    ['a configuration changes', 'package.json'],
  ])('differs when %s', (_case, file) => {
    const before = sourcesHash(root);
    write(file, 'changed');
    expect(sourcesHash(root)).not.toBe(before);
  });

  it.each([
    'electron/main.test.ts',
    'electron/e2e/start.e2e.ts',
    'electron/testing/fake-clock.ts',
    'README.md',
  ])('stays the same when %s changes', (file) => {
    const before = sourcesHash(root);
    write(file, 'changed');
    expect(sourcesHash(root)).toBe(before);
  });
});
