import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Not isolated: the files of a worker load the house once, which took longer than their tests. No module of the house keeps
 * anything that a test could leave to the next; a browser's files share one Chromium (test/support/browser.ts).
 */
const base = {
  environment: 'node' as const,
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  exclude: ['node_modules/**'],
}

/** Files that take long come first, so that no core waits for the other at the end. */
const long = /storm|accessible|intake|desk\.test|letter-journey|mail-killed|verify-database|sequence|second-city/

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean => long.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

/** Three projects by folder, two files at a time. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
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
        // A browser loses a process now and then where memory and cores are few; a promise that is broken fails twice.
        test: { ...base, name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 120_000, retry: 1 },
      },
      {
        extends: true,
        test: { ...base, name: 'attack', include: ['test/attack/**/*.test.ts'], testTimeout: 300_000 },
      },
    ],
  },
})
