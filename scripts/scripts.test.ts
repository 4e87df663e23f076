import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../test/support/cluster.ts'

let folder: ReturnType<typeof temporaryFolder>
let clone: string
beforeEach(() => {
  folder = temporaryFolder()
  clone = folder.path
  for (const name of ['scripts', 'bin', 'node_modules/.bin']) mkdirSync(join(clone, name), { recursive: true })
  for (const name of ['install.mjs', 'start.mjs']) cpSync(join(import.meta.dirname, name), join(clone, 'scripts', name))
  // In npm's place: notes what it was asked.
  write('npm.mjs', `import { writeFileSync } from 'node:fs'; writeFileSync('asked', process.argv.slice(2).join(' '))`)
  write('package-lock.json', lock({ pg: { version: '8.1.0' }, sass: { version: '2.0.0', dev: true } }))
  write('node_modules/.bin/node', '')
})
afterEach(() => folder.remove())

const write = (name: string, text: string): void => writeFileSync(join(clone, name), text)

function lock(packages: Record<string, object>): string {
  const named = Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry])
  return JSON.stringify({ packages: { '': {}, ...(Object.fromEntries(named) as object) } })
}

/** What npm was asked, or undefined when it was not called. */
function install(...words: string[]): string | undefined {
  const env = { ...process.env, npm_execpath: join(clone, 'npm.mjs') }
  spawnSync(process.execPath, [join(clone, 'scripts/install.mjs'), ...words], { env, cwd: clone })
  const asked = join(clone, 'asked')
  return existsSync(asked) ? readFileSync(asked, 'utf8') : undefined
}

test('a fresh clone is installed from the lock file', () => {
  expect(install()).toMatch(/^ci /)
})

test('what is installed already is left alone, though what only tests need is missing', () => {
  write('node_modules/.package-lock.json', lock({ pg: { version: '8.1.0' } }))
  expect(install()).toBeUndefined()
})

test('for tests, what only tests need is installed too', () => {
  write('node_modules/.package-lock.json', lock({ pg: { version: '8.1.0' } }))
  expect(install('--dev')).toMatch(/^ci --include=dev /)
})

test('a package of another version than the lock file names is installed anew', () => {
  write('node_modules/.package-lock.json', lock({ pg: { version: '8.0.0' } }))
  expect(install()).toMatch(/^ci /)
})

test('npm start serves the sample city, and its exit code is that of the program', () => {
  write('bin/cityhall.mjs', `console.log(process.argv[2], process.env['CITYHALL_SAMPLE']); process.exitCode = 3`)
  const env = { PATH: process.env['PATH'] }
  const ran = spawnSync(process.execPath, [join(clone, 'scripts/start.mjs')], { env, encoding: 'utf8' })
  expect([ran.stdout.trim(), ran.status]).toEqual(['serve 1', 3])
})

test('npm start adds no sample data in production', () => {
  write('bin/cityhall.mjs', `console.log(process.env['CITYHALL_SAMPLE'])`)
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production' }
  const ran = spawnSync(process.execPath, [join(clone, 'scripts/start.mjs')], { env, encoding: 'utf8' })
  expect(ran.stdout.trim()).toBe('undefined')
})

test('a signal to npm start reaches the program', async () => {
  const handler = `process.once('SIGTERM', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 1000)`
  write('bin/cityhall.mjs', handler)
  const child = spawn(process.execPath, [join(clone, 'scripts/start.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  expect(await ended).toBe(7)
})
