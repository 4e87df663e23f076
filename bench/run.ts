import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Figure } from './figures.ts'
import { parts, type PartName } from './parts/index.ts'
import { makePlace } from './program.ts'
import { results, table } from './results.ts'

/** `npm run bench`, or `npm run bench -- submit page`: measures, prints, and writes what was
 * measured into RESULTS.md. `--million=FOLDER` keeps the city of a million cases there, and uses it again. */
const given = process.argv.slice(2)
const keep = given.find((word) => word.startsWith('--million='))?.slice('--million='.length)
const asked = given.filter((word) => !word.startsWith('--million='))
const names = Object.keys(parts) as PartName[]
const unknown = asked.filter((name) => !names.includes(name as PartName))
if (unknown.length > 0) {
  process.stderr.write(`there is no part ${unknown.join(', ')}: ${names.join(', ')}\n`)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const chosen = asked.length === 0 ? names : names.filter((name) => asked.includes(name))
const figures = new Map<string, readonly Figure[]>()
const million = keep === undefined ? makePlace() : { data: resolve(keep), remove: () => undefined }
process.once('exit', million.remove)
for (const name of chosen) {
  process.stdout.write(`${name} ...\n`)
  const measured = await parts[name](million.data)
  figures.set(name, measured)
  process.stdout.write(`${table(measured)}\n\n`)
}
const file = join(import.meta.dirname, 'RESULTS.md')
writeFileSync(file, await results(file, figures))
const missed = [...figures.values()].flat().filter(({ met }) => met === false)
for (const { what, value, target = '' } of missed) process.stdout.write(`missed: ${what}: ${value}, ${target}\n`)
process.exitCode = missed.length > 0 ? 1 : 0
