import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRefusal, loadCity, routed, ruleInto, type City, type PlaceId, type TopicId } from './index.ts'

const original = join(import.meta.dirname, '../../city')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-routing-'))
  cpSync(original, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

function loaded(): City {
  const city = loadCity(folder)
  if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
  return city
}

const topic = (id: string) => id as TopicId
const place = (id: string) => id as PlaceId

test('a letter goes by topic and place, and stays where no rule holds', () => {
  const city = loaded()
  expect(routed(city, { topic: topic('illegal-dumping'), place: place('levee-park') })).toBe('parks-upkeep')
  expect(routed(city, { topic: topic('illegal-dumping'), place: place('northgate') })).toBe('illegal-dumping')
  expect(routed(city, { topic: topic('illegal-dumping') })).toBe('illegal-dumping')
})

test('a rule for a district holds in its neighborhoods', () => {
  const city = loaded()
  expect(ruleInto(city, topic('storm-drains'), place('northgate'))).toMatchObject({ duty: 'works-dispatcher' })
  expect(ruleInto(city, topic('storm-drains'), place('south-meadows'))).toBeUndefined()
  expect(ruleInto(city, topic('parks-upkeep'), place('levee-park'))).toMatchObject({ id: 'dumped-at-the-levee' })
})

test('a city without rules is a city', () => {
  rmSync(join(folder, 'routing.yaml'))
  const city = loaded()
  expect(routed(city, { topic: topic('illegal-dumping'), place: place('levee-park') })).toBe('illegal-dumping')
  expect(city.routing.levels.hour).toBe(8)
})

const wrong: readonly [string, string, string, RegExp][] = [
  ['a topic nobody knows', 'topic: illegal-dumping', 'topic: ilegal-dumping', /:\d+ .*Did you mean “illegal-dumping”/],
  ['a neighborhood nobody knows', '[levee-park]', '[levy-park]', /Did you mean “levee-park”/],
  ['a district nobody knows', 'district-3]', 'district-33]', /“district-33” is not a district/],
  [
    'a sensitive topic, to which no rule may lead',
    'to: parks-upkeep',
    'to: accessibility',
    /“accessibility” is sensitive/,
  ],
  ['a duty that does not answer there', 'duty: grounds-supervisor', 'duty: librarian', /“librarian” does not answer/],
  ['a rule that leads nowhere', '    duty: works-dispatcher\n', '', /leads nowhere/],
  ['a rule that leads to where it begins', 'to: parks-upkeep', 'to: illegal-dumping', /leads to where it begins/],
  ['an hour that no day has', 'hour: 8', 'hour: 24', /hour/],
]
test.each(wrong)('%s is refused with file and line', (_what, from, to, says) => {
  const path = join(folder, 'routing.yaml')
  const source = readFileSync(path, 'utf8')
  expect(source).toContain(from)
  writeFileSync(path, source.replace(from, to))
  const city = loadCity(folder)
  const told = isRefusal(city) ? city.mistakes.map(({ file, line, says }) => `${file}:${String(line)} ${says}`) : []
  expect(told.join('\n')).toMatch(says)
  expect(told.join('\n')).toMatch(/routing\.yaml:\d+/)
})
