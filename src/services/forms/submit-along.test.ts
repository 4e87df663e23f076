import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import type { FacilityId } from '../../city/index.ts'
import { isMistaken, parseYaml, sql } from '../../plumbing/index.ts'
import { freeSlots, importFacilities, slotValue, type Slot } from '../bookings/index.ts'
import { issueToken } from '../correspondence/index.ts'
import { installPaymentRules } from '../payments/index.ts'
import { checkedForm, type FormDefinition } from './define.ts'
import { formFile } from './define-file.ts'
import { submit } from './submit.ts'

const source = `
id: hall
version: 1
title: { en: The hall, es: El salón }
intro: { en: Book it., es: Resérvelo. }
topic: facility-rentals
fields:
  slot: { label: { en: When, es: Cuándo }, kind: slot, facility: community-hall, price-group: group }
  group: { label: { en: You are, es: Usted es }, kind: choice, choices: { anybody: { en: A, es: A }, residents: { en: B, es: B } } }
  chairs: { label: { en: Chairs, es: Sillas }, kind: number }
  older: { label: { en: Are you 62 or older?, es: ¿Tiene 62 años o más? }, kind: yes-no }
fees:
  - { label: { en: Chairs, es: Sillas }, each: 33, times: [chairs] }
waivers:
  - { label: { en: Half for older adults, es: La mitad }, percent: 50, reason: older-adult, when: { field: older, is: true } }
schema:
  type: object
  required: [slot]
  properties:
    slot: { type: string, privacy: not-personal }
    group: { type: string, privacy: not-personal }
    chairs:
      type: integer
      privacy: { purpose: do-the-work, category: interest, necessity: { en: To bring them., es: Para llevarlas. }, retention: letter, needed: false }
    older: { type: boolean, privacy: not-personal }
`

let house: TestHouse
let form: FormDefinition
/** The first times of two days on which the hall is free. */
let free: readonly (readonly Slot[])[]

beforeAll(async () => {
  house = await openTestHouse()
  await house.database.owner.transaction(async (tx) => {
    await importFacilities(tx, house.city)
    await installPaymentRules(tx, house.city)
  })
  const file = parseYaml('hall.yaml', source, formFile)
  const made = isMistaken(file) ? file : checkedForm(file, house.city)
  if (isMistaken(made)) throw new Error(JSON.stringify(made.mistakes))
  form = made
  const hall = house.city.bookings.get(hallId)
  if (!hall) throw new Error('no hall')
  const slots = await freeSlots(house.db, hall, Temporal.Now.plainDateISO().add({ days: 5 }), 14)
  free = [
    ...Map.groupBy(
      slots.filter(({ state }) => state === 'free'),
      ({ start }) => String(start).slice(0, 10),
    ).values(),
  ].filter(({ length }) => length >= 3)
})
afterAll(() => house.close())

const hallId = 'community-hall' as FacilityId
const at = (day: number) => {
  const slot = free[day]?.[0]
  if (!slot) throw new Error('the hall is never free')
  return slotValue(hallId, slot.start)
}
const send = (posted: Record<string, string>) => submit(house, form, posted, 'en')
const count = async (query: ReturnType<typeof sql>) =>
  (await house.database.owner.once<{ n: number }>(query))[0]?.n ?? -1
const cases = () => count(sql`select count(*)::int as n from correspondence.casefile where form = 'hall'`)
const lines = () =>
  house.database.owner.once(
    sql`select l.label_en as label, l.amount::int as amount, l.rule from payments.line l order by l.charge, l.seq`,
  )

test('a letter comes with its booking and its charge, each line to the cent, and what is waived says why', async () => {
  const token = issueToken(house.keys)
  const posted = {
    token,
    slot: at(0),
    'slot-slots': '2',
    group: 'residents',
    chairs: '11',
    older: 'yes',
  }
  const sent = await send(posted)
  expect(sent).toMatchObject({ outcome: 'received' })
  expect(await lines()).toEqual([
    { label: 'Levee Park Community Hall', amount: 12000, rule: 'fee.1' },
    { label: 'Chairs', amount: 363, rule: 'fee.2' },
  ])
  expect(await house.database.owner.once(sql`select amount::int as amount, reason from payments.waiver`)).toEqual([
    { amount: 6182, reason: 'older-adult' },
  ])
  expect(
    await count(sql`select count(*)::int as n from bookings.booking where facility = 'community-hall' and slots = 2`),
  ).toBe(1)

  // Sent once more: the same receipt, no second booking, no second charge.
  expect(await send(posted)).toEqual({ ...sent, outcome: 'again' })
  expect([await cases(), (await lines()).length]).toEqual([1, 2])
})

test('whose time somebody else took first is told so beside it, and nothing of the letter stays', async () => {
  const slot = at(1)
  const sent = await Promise.all(Array.from({ length: 6 }, () => send({ token: issueToken(house.keys), slot })))
  expect(sent.filter((one) => 'outcome' in one)).toHaveLength(1)
  const refused = { refused: 'answers', errors: [{ field: 'slot', code: 'slot-taken', params: {} }] }
  expect(sent.filter((one) => 'refused' in one)).toEqual(Array(5).fill(refused))
  expect(await cases()).toBe(2)
})

test('a time that is no time of ours, and a sum beyond reason, are refused before anything is written', async () => {
  const before = await cases()
  const codes = async (posted: Record<string, string>) => {
    const sent = await send(posted)
    return 'refused' in sent && sent.refused === 'answers'
      ? sent.errors.map(({ field, code }) => `${field}: ${code}`)
      : sent
  }
  expect(await codes({ slot: 'town-hall@2026-12-10T18:00Z' })).toEqual(['slot: not-a-slot'])
  expect(await codes({ slot: "community-hall@2026-12-10T18:00Z'; drop" })).toEqual(['slot: not-a-slot'])
  expect(await codes({ slot: at(2), 'slot-slots': '-2' })).toEqual(['slot: not-a-slot'])
  expect(await codes({ slot: at(2), 'slot-slots': '9' })).toEqual(['slot: slot-too-many'])
  expect(await codes({ slot: at(2).replace(/T\d\d/, 'T11') })).toEqual(['slot: slot-closed'])
  expect(await codes({ slot: 'community-hall@2020-12-10T18:00Z' })).toEqual(['slot: slot-too-late'])
  expect(await codes({ slot: 'community-hall@2050-12-10T18:00Z' })).toEqual(['slot: slot-too-far'])
  expect(await codes({ slot: at(2), chairs: '999999999' })).toEqual(['chairs: too-much'])
  expect(await codes({})).toEqual(['slot: missing'])
  expect(await cases()).toBe(before)
})
