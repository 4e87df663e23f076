// `npm test`: everything that must be true before a change is merged; quick checks first, every one is run. At the end each
// failed test is named once more; the last line is `N passed, N failed`; the exit code is 1 if a check or a test failed.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { installSystemPackages } from './system-packages.ts'

type Step = { name: string; words: readonly string[]; report?: string }
type Outcome = { name: string; ok: boolean; seconds: number; passed: number; failed: number; failures: string[] }
/** What vitest's JSON report says, as far as it is read here. */
type Report = { numPassedTests?: number; numFailedTests?: number; testResults?: readonly FileResult[] }
type FileResult = { name: string; status: string; message?: string; assertionResults: readonly TestResult[] }
type TestResult = { status: string; fullName: string; failureMessages?: readonly string[] }

const root = join(import.meta.dirname, '..')
const reports = mkdtempSync(join(tmpdir(), 'cityhall-reports-'))

function program(name: string): string {
  return join(root, 'node_modules', '.bin', name)
}

const report = join(reports, 'tests.json')
const checks = {
  format: { name: 'format', words: [program('prettier'), '--check', '--log-level=warn', '.'] },
  styles: { name: 'styles', words: [process.execPath, join(root, 'scripts/css.ts'), '--check'] },
  types: { name: 'types', words: [program('tsc'), '--project', root] },
  rules: { name: 'rules', words: [program('eslint'), '--max-warnings=0', '.'] },
}
/** All projects in one run (vitest.config.ts): no core waits between them, and what they share is made once. */
const tests: Step = {
  name: 'tests',
  words: [program('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  report,
}

async function runInOrder(steps: readonly Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const step of steps) outcomes.push(await run(step))
  return outcomes
}

/** Tests print as they go; a check prints when it has ended, so that two of them do not mix. */
async function run(step: Step): Promise<Outcome> {
  const began = performance.now()
  const [file = '', ...rest] = step.words
  const live = step.report !== undefined
  if (live) console.log(`\n== ${step.name}`)
  const child = spawn(file, rest, {
    cwd: root,
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    env: testEnvironment(),
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ok = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      said += String(error)
      resolve(false)
    })
    child.once('close', (status) => {
      resolve(status === 0)
    })
  })
  if (!live) console.log(`\n== ${step.name}\n${said}`.trimEnd())
  return { name: step.name, ok, seconds: (performance.now() - began) / 1000, ...results(step, ok) }
}

/** The operator's own settings must not reach the tests. */
function testEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(CITYHALL_|PORT$|HOST$|DATABASE_URL$|PUBLIC_URL$|SMTP_URL$|LOG_LEVEL$|NODE_ENV$|PG)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

/** A run that ended without its report counts as one failure: nothing it would have said is known. */
function results({ report }: Step, ok: boolean): Pick<Outcome, 'passed' | 'failed' | 'failures'> {
  if (report === undefined) return { passed: 0, failed: 0, failures: [] }
  if (!existsSync(report)) return { passed: 0, failed: ok ? 0 : 1, failures: [] }
  const read = JSON.parse(readFileSync(report, 'utf8')) as Report
  const failed = read.numFailedTests ?? 0
  // A file that could not be loaded has no failed test, and an error between tests belongs to none.
  return { passed: read.numPassedTests ?? 0, failed: failed === 0 && !ok ? 1 : failed, failures: failuresIn(read) }
}

function failuresIn({ testResults = [] }: Report): string[] {
  return testResults.flatMap(({ name, status, message = '', assertionResults }) => {
    const of = assertionResults.filter((test) => test.status === 'failed')
    const file = relative(root, name)
    if (of.length > 0)
      return of.map((test) => `${file}: ${test.fullName}\n    ${briefly(test.failureMessages?.join('\n') ?? '')}`)
    return status === 'failed' ? [`${file}\n    ${briefly(message)}`] : []
  })
}

function briefly(message: string): string {
  return message.split('\n').slice(0, 6).join('\n    ').slice(0, 800)
}

/** No check needs what comes from Debian, and the rules are checked by one core: the tests begin beside them. */
async function checkAndTest(): Promise<Outcome[]> {
  const packages = installSystemPackages()
  const checked = await runInOrder([checks.format, checks.styles, checks.types])
  await packages
  return [...checked, await run(tests)]
}

const outcomes = (await Promise.all([checkAndTest(), runInOrder([checks.rules])])).flat()
rmSync(reports, { recursive: true, force: true })

console.log('')
for (const { failures } of outcomes) for (const one of failures) console.log(`failed: ${one}`)
for (const { name, ok, seconds } of outcomes)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
const sum = (key: 'passed' | 'failed'): number => outcomes.reduce((total, one) => total + one[key], 0)
console.log(`${String(sum('passed'))} passed, ${String(sum('failed'))} failed`)
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1
