import { join } from 'node:path'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { loadCity, type AgencyId } from '../../city/index.ts'
import { bandOn } from './band.ts'
import { difference } from './difference.ts'
import { makeNotice, noticeHash, type PurposeDraft } from './notice.ts'
import { campPurposes, noticeOf, purposeOf } from './testing/scene.ts'

const city = loadCity(join(import.meta.dirname, '../../../city'))
if ('refused' in city) throw new Error('the sample city does not load')
const day = (text: string) => Temporal.PlainDate.from(text)
const words = { en: 'Other words', es: 'Otras palabras' }

test('an order of purposes or keys is no change, and the same words have one name', () => {
  const notice = noticeOf(city, campPurposes, 'form:camp')
  expect(difference(notice, { ...notice, purposes: notice.purposes.toReversed() })).toEqual([])
  const turned = Object.fromEntries(Object.entries(notice).toReversed()) as typeof notice
  expect(noticeHash(turned)).toBe(noticeHash(notice))
})

test.each<[string, Partial<PurposeDraft>]>([
  ['why', { why: words }],
  ['sees', { sees: words }],
  ['kept', { kept: words }],
  ['title', { title: words }],
  ['needed', { needed: true }],
  ['record', { record: false }],
  ['sight', { sight: 'session' }],
  ['agencies', { agencies: ['county-health' as AgencyId] }],
  ['closed', { closedToGuardians: 'library-reading' }],
  ['lasts', { lasts: { until: '2030-01-01' } }],
  ['question-reworded', { asks: [{ field: 'aAnswer', label: words }] }],
  ['question-added', { asks: [...purposeOf('a').asks, { field: 'more', label: words }] }],
  ['question-removed', { asks: [] }],
])('that another notice says otherwise %s is found, alone, and the notice has another name', (change, more) => {
  const before = noticeOf(city, [purposeOf('a'), purposeOf('b')], 'form:camp')
  const after = noticeOf(city, [purposeOf('a', more), purposeOf('b')], 'form:camp')
  expect(difference(before, after).map((one) => `${one.purpose} ${one.change}`)).toEqual([`a ${change}`])
  expect(noticeHash(after)).not.toBe(noticeHash(before))
})

test('a purpose that comes or goes is told as one', () => {
  const [one, two] = [
    noticeOf(city, [purposeOf('a')], 'form:x'),
    noticeOf(city, [purposeOf('a'), purposeOf('b')], 'form:x'),
  ]
  expect(difference(one, two).map(({ change }) => change)).toEqual(['purpose-added'])
  expect(difference(two, one).map(({ change }) => change)).toEqual(['purpose-removed'])
})

test('what anybody outside sees is never consented to by e-mail alone', () => {
  const draft = (disclosed: boolean) => [purposeOf('a', { sensitivity: 'plain', disclosed })]
  const strengthOf = (disclosed: boolean) =>
    makeNotice(city, { thing: 'form:x', title: words, purposes: draft(disclosed) }).purposes[0]?.strength['under-13']
  expect([strengthOf(false), strengthOf(true)]).toEqual([1, 2])
})

test('a birthday makes her as old as she becomes, also one on 29 February', () => {
  expect(bandOn(day('2026-05-03'), day('2013-05-04'))).toBe('under-13')
  expect(bandOn(day('2026-05-04'), day('2013-05-04'))).toBe('under-18')
  expect(bandOn(day('2026-05-04'), day('2008-05-05'))).toBe('under-18')
  expect(bandOn(day('2026-05-05'), day('2008-05-05'))).toBe('adult')
  expect(bandOn(day('2026-02-28'), day('2008-02-29'))).toBe('under-18')
  expect(bandOn(day('2026-03-01'), day('2008-02-29'))).toBe('adult')
  expect(bandOn(day('2026-05-05'), day('2026-05-06'))).toBe('not-born')
})

test('nobody grows younger', () => {
  const order = ['not-born', 'under-13', 'under-18', 'adult']
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 9000 }), (born, on) => {
      const at = (days: number) => day('2004-02-27').add({ days })
      const today = order.indexOf(bandOn(at(on), at(born)))
      expect(order.indexOf(bandOn(at(on + 1), at(born)))).toBeGreaterThanOrEqual(today)
    }),
  )
})
