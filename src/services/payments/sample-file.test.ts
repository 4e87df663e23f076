import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isMistaken } from '../../plumbing/index.ts'
import { cityFolder, sampleCity } from '../../../test/support/house.ts'
import { readSampleCharges } from './sample-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-charges-'))
  cpSync(join(cityFolder, 'sample'), join(folder, 'sample'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

function told(from: string, to: string): string[] {
  const path = join(folder, 'sample', 'charges.yaml')
  const source = readFileSync(path, 'utf8')
  expect(source).toContain(from)
  const changed = source.replace(from, to)
  writeFileSync(path, changed)
  const line = changed.split('\n').findIndex((one) => one.includes(to)) + 1
  const read = readSampleCharges(folder, sampleCity())
  const mistakes = isMistaken(read) ? read.mistakes : []
  return mistakes.map((one) => `${basename(one.file)}:${one.line === line ? 'its line' : String(one.line)} ${one.says}`)
}

test.each([
  ['a name that is not known', 'lines:', 'linse:', /its line “linse” is not known here|“lines” is missing/],
  [
    'a topic',
    'topic: facility-rentals',
    'topic: facility-rental',
    /its line “facility-rental” is not a topic\. Did you/,
  ],
  ['a clerk', 'by: carla', 'by: clara', /its line “clara” is not one of the staff\. Did you mean “carla”/],
  ['a reason', 'reason: city-error', 'reason: city-eror', /its line “city-eror” is not a reason to waive/],
])('a sample charge with %s that there is not is told with its line, and none is read', (_what, from, to, says) => {
  expect(told(from, to)).toContainEqual(expect.stringMatching(says))
})

test('the sample city’s own are read', () => {
  const read = readSampleCharges(folder, sampleCity())
  expect(isMistaken(read) ? read.mistakes : read.length).toBeGreaterThan(5)
})
