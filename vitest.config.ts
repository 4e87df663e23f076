import { defineConfig } from 'vitest/config'

const base = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 120_000, exclude: ['node_modules/**'] }

/** Three projects by folder, two files at a time; attacks run one file at a time: some of them compare how long answers take. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          ...base,
          name: 'rooms',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...base.exclude, 'test/browser/**', 'test/attack/**'],
        },
      },
      {
        extends: true,
        test: {
          ...base,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...base,
          name: 'attack',
          include: ['test/attack/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
        },
      },
    ],
  },
})
