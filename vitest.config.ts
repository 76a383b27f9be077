import { defineConfig } from 'vitest/config';

/**
 * `browser` opens the workbench in Chromium.
 * `unit` is pure and quick; `oracle` compares with real routing daemons in network namespaces; `cli` starts the bundled
 * command line as a process and needs the bundle built.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Against what hangs; a busy machine is no failure.
          testTimeout: 60_000,
          include: [
            'packages/*/{src,test}/**/*.test.ts',
            'adapters/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'oracle',
          include: ['adapters/*/test/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cli',
          include: ['apps/cli/test/**/*.test.ts'],
          globalSetup: ['apps/cli/test/build.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['apps/web/test/**/*.test.ts'],
          globalSetup: ['apps/web/test/build.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // One browser at a time: two would measure each other.
          fileParallelism: false,
        },
      },
    ],
  },
});
