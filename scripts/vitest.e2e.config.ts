import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** The built application in a real Electron: one file after the other, since they share a desktop. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '..'),
  test: {
    include: ['electron/e2e/**/*.e2e.ts'],
    globalSetup: [path.resolve(import.meta.dirname, 'lib/e2e-setup.mjs')],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
