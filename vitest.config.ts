import { defineConfig } from 'vitest/config'

const base = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 120_000, exclude: ['node_modules/**'] }

/** Three projects by folder, two files at a time. */
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
          testTimeout: 300_000,
        },
      },
    ],
  },
})
