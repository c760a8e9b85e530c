import os from 'node:os';

import { defineConfig } from 'vitest/config';

/** Unit tests sit beside their files; whatever starts a real daemon lives in `test/`. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Most of them wait for processes most of the time; by itself it would leave one processor idle.
    maxWorkers: os.availableParallelism(),
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'scripts/**/*.test.ts',
      'soak/**/*.test.ts',
      'web/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/helpers/property-seed.ts'],
    restoreMocks: true,
  },
});
