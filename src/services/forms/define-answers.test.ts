import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRefusal, loadCity } from '../../city/index.ts'
import type { FormId } from '../../city/index.ts'
import { loadForms } from './define.ts'

const folder = join(import.meta.dirname, '../../../city')
const city = loadCity(folder)
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))
const forms = loadForms(join(folder, 'forms'), city)
if (isRefusal(forms)) throw new Error(JSON.stringify(forms.mistakes, null, 2))

const read = (form: string, posted: Record<string, unknown>) => {
  const found = forms.get(form as FormId)
  if (found === undefined) throw new Error(`no form ${form}`)
  return found.read(posted)
}
const letter = (posted: Record<string, unknown>) => read('contact-the-city', { message: 'Hello', ...posted })
const errorsOf = (result: ReturnType<typeof letter>) =>
  isRefusal(result) ? result.errors.map(({ field, code }) => `${field}: ${code}`) : []

test('a post comes back as answers, with topic, place and who wrote', () => {
  const posted = {
    topic: 'potholes',
    neighborhood: 'riverbend',
    where: ' River Street ',
    what: 'A hole',
    email: 'a@example.org',
    name: 'Ana',
  }
  expect(read('report-a-problem', posted)).toEqual({
    answers: { ...posted, where: 'River Street' },
    topic: 'potholes',
    place: 'riverbend',
    contact: { name: 'Ana', email: 'a@example.org' },
  })
})

test('a letter whose writer is not sure what it is about goes to the form’s own topic', () => {
  expect(letter({ topic: '' })).toMatchObject({ topic: 'city-clerk-general', answers: { message: 'Hello' } })
})

test('nothing written is no answer, and nothing of it is kept', () => {
  expect(letter({ name: '   ', email: '', telephone: '\u00a0\ufeff' })).toEqual({
    answers: { message: 'Hello' },
    topic: 'city-clerk-general',
    contact: {},
  })
})

test('what the form does not ask is not kept, even where it is sent', () => {
  const result = letter({ birthday: '2000-01-01', constructor: 'x', __proto__: { name: 'Eve' } })
  expect(result).toEqual({ answers: { message: 'Hello' }, topic: 'city-clerk-general', contact: {} })
})

test('line ends become one kind, and letters are composed', () => {
  expect(letter({ message: 'uno\r\ndos\rtres', name: 'Jose\u0301' })).toMatchObject({
    answers: { message: 'uno\ndos\ntres', name: 'José' },
  })
})

test.each([
  ['a NUL', 'a\u0000b'],
  ['an escape', 'a\u001b[2Jb'],
  ['half a character', 'a\ud800b'],
  ['a C1 control', 'a\u0085b'],
])('%s is refused as unreadable', (_, message) => {
  expect(errorsOf(letter({ message }))).toEqual(['message: unreadable'])
})

test('a line end in a single line is refused: no header of a mail can be smuggled in', () => {
  expect(errorsOf(letter({ email: 'a@example.org\nBcc: b@example.org', name: 'A\r\nB' }))).toEqual([
    'name: unreadable',
    'email: unreadable',
  ])
})

test('length is counted in characters as people count them, not in bytes or halves', () => {
  expect(errorsOf(letter({ name: '🌳'.repeat(120) }))).toEqual([])
  expect(letter({ name: '🌳'.repeat(121) })).toMatchObject({
    errors: [{ field: 'name', code: 'too-long', params: { limit: 120, length: 121 } }],
  })
})

test('errors come one a question, in the order in which they are asked', () => {
  expect(errorsOf(read('report-a-problem', { email: 'nobody', telephone: 'call me', topic: 'potions' }))).toEqual([
    'topic: not-a-choice',
    'where: missing',
    'what: missing',
    'email: not-an-email',
    'telephone: not-a-telephone',
  ])
})

test('a topic that the form does not offer cannot be chosen', () => {
  expect(errorsOf(read('report-a-problem', { topic: 'police-conduct', where: 'x', what: 'y' }))).toEqual([
    'topic: not-a-choice',
  ])
})

test('a single answer sent twice is refused, a file or an object is unreadable', () => {
  expect(errorsOf(letter({ email: ['a@example.org', 'b@example.org'] }))).toEqual(['email: wrong'])
  expect(errorsOf(letter({ name: { first: 'A' } }))).toEqual(['name: unreadable'])
})

test.each(['a@example.org', 'first.last+tag@sub.example.org', "o'neil@example.org", 'josé@ejemplo.example.org'])(
  '%s is an e-mail address',
  (email) => {
    expect(errorsOf(letter({ email }))).toEqual([])
  },
)

test.each([
  'a',
  'a@',
  '@b.org',
  'a@b',
  'a b@c.org',
  'a@b..org',
  '.a@b.org',
  'a@b.org, c@d.org',
  '<a@b.org>',
  `${'a'.repeat(65)}@b.org`,
])('%s is not an e-mail address', (email) => {
  expect(errorsOf(letter({ email }))).toEqual(['email: not-an-email'])
})

test.each(['(530) 555-0100', '+1 530 555 0100', '530.555.0100', '5550100', '530-555-0100 ext. 12', '530-555-0100 x12'])(
  '%s is a telephone number',
  (telephone) => {
    expect(errorsOf(letter({ telephone }))).toEqual([])
  },
)

test.each(['12345', 'call me', '530-555-0100; drop', '+', '1'.repeat(30)])(
  '%s is not a telephone number',
  (telephone) => {
    expect(errorsOf(letter({ telephone }))).toEqual(['telephone: not-a-telephone'])
  },
)

test('dates are days of the calendar, the earlier first', () => {
  const records = 'minutes'
  expect(errorsOf(read('records-request', { records, from: '2026-02-30' }))).toEqual(['from: not-a-date'])
  expect(errorsOf(read('records-request', { records, from: '2026-03-02', until: '2026-03-01' }))).toEqual([
    'until: out-of-order',
  ])
  expect(errorsOf(read('records-request', { records, from: '2026-03-01', until: '2026-03-01' }))).toEqual([])
})

test('a records request needs neither a name nor an address nor a reason', () => {
  expect(read('records-request', { records: 'The contract for the pool' })).toMatchObject({
    topic: 'public-records',
    contact: {},
  })
})

test('whatever is posted, the answer is answers or errors, and what is kept could be kept as it is again', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ maxLength: 300 }),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.constant(undefined),
  )
  const posts = fc.record(
    { topic: value, message: value, name: value, email: value, telephone: value },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(posts, (posted) => {
      const once = read('contact-the-city', posted)
      if (isRefusal(once)) return once.errors.length > 0
      const twice = read('contact-the-city', once.answers)
      expect(twice).toEqual(once)
      return Object.values(once.answers).every(
        (answer) => typeof answer === 'string' && answer !== '' && answer.isWellFormed(),
      )
    }),
  )
})
