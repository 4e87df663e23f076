import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import type { City, FormId, SessionId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { importActivities } from '../activities/index.ts'
import { issueToken } from '../correspondence/index.ts'
import type { FormDefinition } from './define.ts'
import { submit } from './submit.ts'
import { costOf } from './what-it-costs.ts'

let house: TestHouse
let form: FormDefinition

/** The sample's pottery sessions, with registration open now and one place each. */
function openNow(city: City): City {
  const now = Temporal.Now.instant()
  const sessions = new Map(city.activities.sessions)
  for (const id of ['pottery-winter', 'pottery-wheel-winter'] as SessionId[]) {
    const session = sessions.get(id)
    if (!session) throw new Error(`there is no ${id}`)
    const meetings = [{ start: now.add({ hours: 240 }), end: now.add({ hours: 242 }) }]
    const opens = now.subtract({ hours: 1 })
    sessions.set(id, { ...session, places: 1, meetings, opens, closes: now.add({ hours: 100 }), lottery: false })
  }
  return { ...city, activities: { ...city.activities, sessions } }
}

beforeAll(async () => {
  const opened = await openTestHouse()
  house = { ...opened, city: openNow(opened.city) }
  await house.database.owner.transaction((tx) => importActivities(tx, house.city))
  const found = house.forms.get('class-registration' as FormId)
  if (!found) throw new Error('no form')
  form = found
})
afterAll(() => house.close())

const rows = (query: ReturnType<typeof sql>) => house.database.owner.once<Record<string, unknown>>(query)
const cases = async () => (await rows(sql`select count(*)::int as n from correspondence.casefile`))[0]?.['n']
/** What stands beside the box in the page of the form: the mark of the words that are agreed to. */
async function agreed(): Promise<string> {
  const [row] = await rows(
    sql`select left(encode(waiver, 'hex'), 16) as mark from activities.session where id = 'pottery-winter'`,
  )
  return String(row?.['mark'])
}
const post = (more: Readonly<Record<string, string>>) =>
  submit(house, form, { session: 'pottery-winter', name: 'Owen Blackwood', ...more }, 'en')
const codes = (outcome: Awaited<ReturnType<typeof post>>) =>
  'refused' in outcome && outcome.refused === 'answers' ? outcome.errors.map(({ code }) => code) : outcome

test('nobody signs up without agreeing to the very words of today, or for what there is not; nothing is kept', async () => {
  const before = await cases()
  expect(codes(await post({}))).toEqual(['session-not-agreed'])
  expect(codes(await post({ 'session-agreed': '0123456789abcdef' }))).toEqual(['session-not-agreed'])
  expect(codes(await post({ session: 'moon-base', 'session-agreed': await agreed() }))).toEqual(['not-a-session'])
  expect(codes(await post({ session: 'swimming-1-winter' }))).toEqual(['not-a-session'])
  expect(codes(await post({ session: 'pottery-wheel-winter' }))).toEqual(['session-not-done'])
  expect(codes(await post({ session: 'pottery-spring', 'session-agreed': await agreed() }))).toEqual([
    'session-too-early',
  ])
  expect(await cases()).toBe(before)
})

test('whoever comes first has the place and owes her group’s price; whoever comes next owes nothing and has a number', async () => {
  const token = issueToken(house.keys)
  const yes = { group: 'residents', token, 'session-agreed': await agreed() }
  const first = await post(yes)
  expect(first).toMatchObject({ outcome: 'received' })
  expect(await post(yes)).toEqual({ ...first, outcome: 'again' })
  expect(await post({ 'session-agreed': await agreed() })).toMatchObject({ outcome: 'received' })
  expect(
    await rows(sql`select e.state, e.price, c.total from activities.enrolment e left join payments.charge c on c.case_id = e.case_id
    where e.session = 'pottery-winter' order by e.turn`),
  ).toEqual([
    { state: 'held', price: 9800, total: 9800 },
    { state: 'waiting', price: 11800, total: null },
  ])
})

test('the page that is looked over says what it will cost', () => {
  const read = form.read({ session: 'pottery-wheel-winter', 'session-done': 'yes', group: 'residents', name: 'Owen' })
  if ('refused' in read) throw new Error(JSON.stringify(read.errors))
  expect(costOf(house.city, form, read.answers)?.total).toBe(11500)
})
