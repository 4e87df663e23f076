import { cpSync, renameSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRefusal, loadCity } from './index.ts'

const original = join(import.meta.dirname, '../../city')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-city-'))
  cpSync(original, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Changes words in a file and gives what is told, as `file:line says [allowed]`. */
function change(file: string, from: string, to: string): string[] {
  const path = join(folder, file)
  const source = readFileSync(path, 'utf8')
  if (!source.includes(from)) throw new Error(`${file} does not say “${from}”`)
  writeFileSync(path, source.replace(from, to))
  const result = loadCity(folder)
  if (!isRefusal(result)) return []
  return result.mistakes.map(
    ({ file, line, says, allowed }) => `${file.slice(folder.length + 1)}:${line} ${says} [${allowed}]`,
  )
}

const lineOf = (file: string, words: string) =>
  readFileSync(join(original, file), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(words)) + 1

test('the sample city loads whole', () => {
  const city = loadCity(folder)
  if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
  expect(city.name.en).toBe('City of Almendra')
  expect(city.wordmark.kind).toBe('svg')
  for (const topic of city.topics.values()) expect(city.departments.has(topic.department)).toBe(true)
  expect(city.policy.clauses.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p9'])
})

test('a file whose name has a slip in it is told, and not left out without a word', () => {
  renameSync(join(folder, 'bookings.yaml'), join(folder, 'booking.yaml'))
  const result = loadCity(folder)
  const says = isRefusal(result) ? result.mistakes.map((one) => one.says) : []
  expect(says).toContain('“booking.yaml” is no file of a city. Did you mean “bookings.yaml”?')
})

test('what is loaded cannot be changed by whoever holds it', () => {
  const city = loadCity(folder)
  if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
  const [topic] = city.topics.values()
  expect(() => Object.assign(topic?.name ?? {}, { en: 'other' })).toThrow(TypeError)
  expect(() => Object.assign(city, { accent: '#000000' })).toThrow(TypeError)
})

test('a template with a placeholder that nobody fills is told with its line and the nearest', () => {
  const line = lineOf('templates.yaml', 'Hello {name},')
  const [told] = change('templates.yaml', 'Hello {name},', 'Hello {nmae},')
  expect(told).toMatch(
    new RegExp(
      `^templates.yaml:(${String(line)}|${String(line - 1)}) “{nmae}” is not a placeholder. Did you mean “{name}”`,
    ),
  )
  expect(told).toContain('{case-number}')
})

test.each(['{name|upper}', '{if name}', '{name', 'name}', '{{name}}', '{constructor}'])(
  'a template may calculate nothing, and a brace alone is a mistake: %s',
  (strange) => {
    expect(change('templates.yaml', 'Hello {name},', `Hello ${strange},`)).toHaveLength(1)
  },
)

test('a template of a department that is not there is told', () => {
  expect(change('templates.yaml', 'department: public-works', 'department: public-work')[0]).toMatch(
    /Did you mean “public-works”/,
  )
})

test('a city without a sample is a city', () => {
  rmSync(join(folder, 'sample'), { recursive: true })
  const city = loadCity(folder)
  expect(isRefusal(city)).toBe(false)
  expect(city).not.toHaveProperty('sample')
})

test('a topic of a department that is not there is told with the nearest', () => {
  const [told] = change('topics.yaml', 'department: police\n', 'department: polise\n')
  const line = lineOf('topics.yaml', 'department: police')
  expect(told).toMatch(
    new RegExp(`^topics.yaml:${line} “polise” is not a department. Did you mean “police”\\? \\[city-manager, `),
  )
})

test('a topic that no duty reads is refused: its letters would lie unread', () => {
  const told = change('duties.yaml', 'topics: [accessibility]', 'topics: [privacy]')
  expect(told).toEqual([
    `topics.yaml:${lineOf('topics.yaml', '  accessibility:')} Nobody would read letters about “accessibility”. [a duty in duties.yaml that has this topic]`,
  ])
})

test('a duty has no topic of another department', () => {
  const told = change('duties.yaml', 'topics: [privacy]', 'topics: [privacy, police-conduct]')
  expect(told).toEqual([
    expect.stringContaining(
      '“police-conduct” is a topic of police, not of city-manager. [city-manager-general, accessibility, privacy]',
    ),
  ])
})

test('a duty that may answer but not read is refused', () => {
  const told = change('duties.yaml', 'may: [read, answer, note, close]', 'may: [answer, note, close]')
  expect(told[0]).toContain('The duty “professional-standards” may not read')
})

test('a department without a topic for all that is left is refused', () => {
  const told = change('departments.yaml', '  fire:\n', '  brigade:\n')
  expect(told.some((one) => one.includes('The department “brigade” has no topic for letters that fit no other.'))).toBe(
    true,
  )
})

test.each([
  [
    'words in one language only',
    'places.yaml',
    'en: Old Landing, es: Old Landing',
    'en: Old Landing',
    '“es” is missing under “name”.',
  ],
  [
    'a colour on which white words cannot be read',
    'city.yaml',
    '#17594a',
    '#ffe08a',
    'White words on this colour would be hard to read.',
  ],
  [
    'a time zone nobody keeps',
    'city.yaml',
    'America/Los_Angeles',
    'America/Almendra',
    '“America/Almendra” is not a time zone.',
  ],
  ['a drawing that is not there', 'city.yaml', 'wordmark.svg', 'logo.svg', 'logo.svg cannot be read.'],
  [
    'a drawing in another folder',
    'city.yaml',
    'wordmark.svg',
    '../x.svg',
    '../x.svg is not in the folder of the city.',
  ],
  [
    'a holiday no year has',
    'calendar.yaml',
    'falls: June 19',
    'falls: June 31',
    '“June 31” is not a day that can be found in every year.',
  ],
  ['a date no calendar has', 'calendar.yaml', '2026-12-24', '2026-02-30', 'There is no 2026-02-30.'],
  ['a sentence numbered twice', 'policy.yaml', 'id: p1.2', 'id: p1.1', '“p1.1” is used twice.'],
  ['a sentence under another clause', 'policy.yaml', 'id: p1.2', 'id: p2.9', '“p2.9” stands under clause p1.'],
  [
    'a power nobody has',
    'duties.yaml',
    'may: [read, answer,',
    'may: [read, erase,',
    '“may”, entry 2 cannot be “erase”.',
  ],
  ['an identifier with a capital', 'topics.yaml', '  potholes:', '  Potholes:', '“Potholes” cannot be a name here.'],
  [
    'sample staff with a duty that is not there',
    'sample/staff.yaml',
    'duties: [intake-clerk]',
    'duties: [intake-clark]',
    '“intake-clark” is not a duty. Did you mean “intake-clerk”?',
  ],
  [
    'a sample look for a reason that is not hers',
    'sample/cases.yaml',
    'by: dan, reason: send-crew',
    'by: dan, reason: curiosity',
    '“curiosity” is not a reason of dan’s duties.',
  ],
])('%s is refused where it stands', (_, file, from, to, says) => {
  const told = change(file, from, to)
  expect(told).toContainEqual(expect.stringContaining(says))
  expect(told.every((one) => /^[a-z/]+\.yaml:\d+ /.test(one))).toBe(true)
})

test.each([
  ['a script', '<script>alert(1)</script>'],
  ['an event', '<g onload="alert(1)"/>'],
  ['a style', '<g style="fill:red"/>'],
  ['an address', '<g fill="url(https://example.org/x)"/>'],
  ['a link', '<g xlink:href="https://example.org"/>'],
])('a wordmark with %s is refused: it stands in every page', (_, part) => {
  expect(change('wordmark.svg', '</svg>', `${part}</svg>`)).toEqual([
    expect.stringMatching(/^city.yaml:\d+ wordmark.svg (holds|points)/),
  ])
})

test('mistakes in several files are told together and nothing is loaded', () => {
  change('places.yaml', 'places:', 'place:')
  const told = change('agencies.yaml', 'kind: county', 'kind: company')
  expect(new Set(told.map((one) => one.split(':')[0]))).toEqual(new Set(['agencies.yaml', 'places.yaml']))
})

test('a group that brings a duty the city does not have is told with its line', () => {
  const told = change('duties.yaml', 'city-clerk: [intake-clerk]', 'city-clerk: [intake-clark]')
  expect(told[0]).toMatch(/^duties\.yaml:\d+ “intake-clark” is not a duty\. Did you mean “intake-clerk”\?/)
})

test('a Councilmember has an address of her own and a topic that is there', () => {
  const taken = change('council.yaml', 'email: mayor@almendra.example.org', 'email: Police@almendra.example.org')
  expect(taken).toEqual([
    `council.yaml:${lineOf('council.yaml', 'email: mayor@')} “Police@almendra.example.org” is already the address of police. [an address of its own]`,
  ])
  const told = change(
    'council.yaml',
    'email: Police@almendra.example.org\n    topic: city-council-general',
    'email: m@almendra.example.org\n    topic: city-councils-general',
  )
  expect(told).toEqual([
    expect.stringContaining('“city-councils-general” is not a topic. Did you mean “city-council-general”?'),
  ])
})
