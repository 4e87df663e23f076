// `npm test`: everything that must be true before a change is merged; quick checks first, every one is run. The last line
// is `N passed, N failed`, summed over the tests; the exit code is 1 if a check or a test failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installSystemPackages } from './system-packages.ts'

type Step = { name: string; words: readonly string[]; report?: string }
type Outcome = { name: string; ok: boolean; seconds: number; passed: number; failed: number }

const root = join(import.meta.dirname, '..')
const reports = mkdtempSync(join(tmpdir(), 'cityhall-reports-'))

function program(name: string): string {
  return join(root, 'node_modules', '.bin', name)
}

function tests(project: string): Step {
  const report = join(reports, `${project}.json`)
  const words = ['run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json']
  return { name: `tests: ${project}`, words: [program('vitest'), ...words, `--outputFile.json=${report}`], report }
}

const steps: readonly Step[] = [
  { name: 'format', words: [program('prettier'), '--check', '--log-level=warn', '.'] },
  ...(existsSync(join(root, 'scripts/css.ts'))
    ? [{ name: 'styles', words: [process.execPath, join(root, 'scripts/css.ts'), '--check'] }]
    : []),
  { name: 'types', words: [program('tsc'), '--project', root] },
  { name: 'rules', words: [program('eslint'), '--max-warnings=0', '.'] },
  tests('rooms'),
  tests('browser'),
  tests('attack'),
]

function run(step: Step): Outcome {
  console.log(`\n== ${step.name}`)
  const began = performance.now()
  const [file = '', ...rest] = step.words
  const ran = spawnSync(file, rest, { cwd: root, stdio: 'inherit', env: testEnvironment() })
  const ok = ran.status === 0
  return { name: step.name, ok, seconds: (performance.now() - began) / 1000, ...counts(step, ok) }
}

/** The operator's own settings must not reach the tests. */
function testEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(CITYHALL_|PORT$|HOST$|DATABASE_URL$|PUBLIC_URL$|SMTP_URL$|LOG_LEVEL$|NODE_ENV$|PG)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

/** A run that ended without its report counts as one failure: nothing it would have said is known. */
function counts(step: Step, ok: boolean): { passed: number; failed: number } {
  if (step.report === undefined) return { passed: 0, failed: 0 }
  if (!existsSync(step.report)) return { passed: 0, failed: ok ? 0 : 1 }
  const read = JSON.parse(readFileSync(step.report, 'utf8')) as Record<string, unknown>
  const failed = Number(read['numFailedTests'] ?? 0)
  // A file that could not be loaded has no failed test, and an error between tests belongs to none.
  return { passed: Number(read['numPassedTests'] ?? 0), failed: failed === 0 && !ok ? 1 : failed }
}

installSystemPackages()
const outcomes = steps.map(run)
rmSync(reports, { recursive: true, force: true })

console.log('')
for (const { name, ok, seconds } of outcomes)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
const sum = (key: 'passed' | 'failed'): number => outcomes.reduce((total, one) => total + one[key], 0)
console.log(`${String(sum('passed'))} passed, ${String(sum('failed'))} failed`)
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1
