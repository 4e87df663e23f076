import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { compileCache } from './test/support/compile-cache.ts'

/**
 * Not isolated: the files of a worker load the house once, which took longer than their tests. No module of the house keeps
 * anything that a test could leave to the next; a browser's files share one Chromium (test/support/browser.ts).
 */
const base = {
  environment: 'node' as const,
  isolate: false,
  env: { NODE_COMPILE_CACHE: compileCache },
  testTimeout: 60_000,
  hookTimeout: 120_000,
  exclude: ['node_modules/**'],
}

/** The files that take longest come first in their project, longest of all in front. */
const longest = [
  'attack/storm',
  'browser/accessible',
  'browser/activities',
  'ledger/verify-database',
  'ledger/sequence',
  'browser/desk.test',
  'browser/intake',
  'browser/consent',
  'browser/routing',
  'browser/filling',
  'browser/letter-journey',
  'browser/payments',
  'city/second-city',
  'city/mail-killed',
  'city/consent-commands',
  'embedded/',
]
/** The browser's files come last: the cities that run for them run until the end. */
const order = ['attack', 'rooms', 'browser', 'last']

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.includes(name))
      return order.indexOf(project.name) * 1_000 + (at < 0 ? longest.length : at)
    }
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other))
  }
}

/**
 * Projects by folder, three files at a time: on two cores, for a third of a file's time is waiting. One run of all of them
 * has one cluster, and makes one city.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          ...base,
          name: 'rooms',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...base.exclude, 'test/browser/**', 'test/attack/**', 'test/last/**'],
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
      {
        extends: true,
        // What asks about the run itself, when the others have run.
        test: { ...base, name: 'last', include: ['test/last/**/*.test.ts'], sequence: { groupOrder: 1 } },
      },
    ],
  },
})
