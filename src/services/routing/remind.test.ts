import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { sql, type OutgoingMail } from '../../plumbing/index.ts'
import { enterStaff } from '../../trust/need-to-know/index.ts'
import { assign, ownNews, tellNews, wishNews, type Wish } from '../correspondence/index.ts'
import { ageing, dueReminders, remind } from './index.ts'
import { actsOf, age, write } from './testing/letters.ts'

// A Wednesday, nine in the morning in Almendra; Monday and Tuesday before it were working days.
const noon = (date: string, time = '09:00') =>
  Temporal.ZonedDateTime.from(`${date}T${time}[America/Los_Angeles]`).toInstant()
let now = noon('2026-06-10')
const clock = { now: () => now }

let house: TestHouse
let dispatcher: Clerk
let second: Clerk
let director: Clerk
let librarian: Clerk
beforeAll(async () => {
  house = await openTestHouse({ clock })
  dispatcher = await house.hire('dana', 'works-dispatcher')
  second = await house.hire('gus', 'grounds-supervisor')
  director = await house.hire('vera', 'works-director')
  librarian = await house.hire('lee', 'librarian')
})
afterAll(() => house.close())
beforeEach(async () => {
  now = noon('2026-06-10')
  const { owner } = house.database
  await owner.once(
    sql`update correspondence.casefile set state = 'closed', closed_because = 'done' where state <> 'closed'`,
  )
  await owner.once(sql`delete from routing.reminder`)
  await owner.once(sql`delete from routing.round`)
  await owner.once(sql`delete from correspondence.news`)
  await owner.once(sql`delete from correspondence.news_wish`)
})

const worker = () => ({ keeper: house.database.keeper, city: house.city, clock })
const seen = (clerk: Clerk) =>
  house.db.transaction(async (tx) => {
    await enterStaff(tx, clerk.actor)
    return ageing(tx, house)
  })
async function taken(topic: string, by: Clerk, due: string) {
  const written = await write(house, topic)
  const done = await assign(house, by.actor, { ...written, assignee: by.employee })
  expect(done).toEqual({ done: true })
  await age(house, written.caseId, { due })
  return written
}

test('who has a case is reminded when it is due soon and when it is late, and each is written in the ledger', async () => {
  const soon = await taken('potholes', dispatcher, '2026-06-11')
  const late = await taken('potholes', dispatcher, '2026-06-09')
  const later = await taken('potholes', dispatcher, '2026-06-30')
  expect(await remind(worker())).toBe(2)
  expect(await actsOf(house, soon.caseId)).toContain('case.reminded because=due-soon')
  expect(await actsOf(house, late.caseId)).toContain('case.reminded because=overdue')
  expect((await actsOf(house, later.caseId)).some((act) => act.startsWith('case.reminded'))).toBe(false)
})

test('what is long overdue is told to whoever oversees the department', async () => {
  const { caseId } = await taken('potholes', dispatcher, '2026-06-05')
  await remind(worker())
  expect(await actsOf(house, caseId)).toContain('case.escalated to=works-director')
  expect(
    await dueReminders(house.database.keeper, now.toZonedDateTimeISO('America/Los_Angeles').toPlainDate()),
  ).toContainEqual({
    employee: director.employee,
    kind: 'escalated',
    cases: 1,
  })
})

describe('the news of a round', () => {
  const wish = ({ actor }: Clerk, more: Partial<Wish>) =>
    wishNews(house, actor, { ...none, address: 'work@almendra.example.org', ...more })
  const none = {
    fresh: 'none',
    assigned: 'none',
    answered: 'none',
    reminded: 'none',
    escalated: 'none',
    due: 'none',
    hour: 8,
  } as const
  const newsOf = ({ actor }: Clerk) =>
    house.db.transaction(async (tx) => {
      await enterStaff(tx, actor)
      return (await ownNews(tx)).map(({ kind, topic, count }) => `${kind} ${topic} ${String(count)}`)
    })

  test('comes once to whom the reminders fall, at the pace she chose, and to nobody else', async () => {
    await wish(dispatcher, { reminded: 'daily', escalated: 'daily' })
    await wish(director, { reminded: 'none', escalated: 'daily' })
    await wish(librarian, { reminded: 'daily', escalated: 'daily' })
    await taken('potholes', dispatcher, '2026-06-05')
    await taken('street-lights', dispatcher, '2026-06-11')
    const waits = await write(house, 'potholes')
    await age(house, waits.caseId, { due: '2026-06-12', since: '2026-06-08T09:00:00Z' })
    await remind(worker())
    await remind(worker())
    expect(await newsOf(dispatcher)).toEqual([
      'due-soon street-lights 1',
      'overdue potholes 1',
      'unassigned potholes 1',
    ])
    expect(await newsOf(director)).toEqual(['escalated potholes 1'])
    expect(await newsOf(librarian)).toEqual([])
    expect(await newsOf(second)).toEqual([])
  })

  test('is mailed with counts and topics, and names nobody', async () => {
    await wish(director, { reminded: 'none', escalated: 'daily' })
    await taken('potholes', dispatcher, '2026-06-05')
    await remind(worker())
    const sent: OutgoingMail[] = []
    const send = (mail: OutgoingMail) => {
      sent.push(mail)
      return Promise.resolve({ sent: true } as const)
    }
    const office = { ...worker(), publicUrl: 'https://almendra.example.org', mailer: { send, close: () => undefined } }
    await tellNews(office, (error) => {
      throw error
    })
    expect(sent.map(({ to }) => to)).toEqual(['work@almendra.example.org'])
    expect(sent[0]?.text.replace(/\s+/g, ' ')).toMatch(/1 letter of your department is long overdue\. \w.*: 1 /)
    expect(JSON.stringify(sent)).not.toMatch(/No\. \d|Dan/)
  })
})

test('what nobody took up in time is reminded of, and goes to an employee where a rule says so', async () => {
  const plain = await write(house, 'potholes')
  const ruled = await write(house, 'illegal-dumping', { place: 'levee-park' })
  const fresh = await write(house, 'potholes')
  for (const { caseId } of [plain, ruled])
    await age(house, caseId, { due: '2026-06-12', since: '2026-06-08T09:00:00Z' })
  await age(house, fresh.caseId, { due: '2026-06-12', since: '2026-06-10T15:00:00Z' })
  await remind(worker())
  expect(await actsOf(house, plain.caseId)).toContain('case.reminded because=unassigned')
  expect(await actsOf(house, ruled.caseId)).toContain('case.assigned to=colleague')
  expect((await actsOf(house, fresh.caseId)).length).toBe((await actsOf(house, plain.caseId)).length - 1)
  const [row] = await house.database.owner.once<{ assignee: number }>(
    sql`select assignee from correspondence.casefile where id = ${ruled.caseId}`,
  )
  expect(row?.assignee).toBe(second.employee)
})

test('a round that is broken off begins again and writes nothing twice; a round that is done is not done again', async () => {
  const { caseId } = await taken('potholes', dispatcher, '2026-06-05')
  await remind(worker())
  const acts = await actsOf(house, caseId)
  await house.database.owner.once(sql`delete from routing.round`)
  expect(await remind(worker())).toBe(0)
  expect(await actsOf(house, caseId)).toEqual(acts)
  const other = await taken('potholes', dispatcher, '2026-06-05')
  expect(await remind(worker())).toBe(0)
  expect(await actsOf(house, other.caseId)).not.toContain('case.reminded because=overdue')
})

test('two workers at once write each reminder once', async () => {
  for (let n = 0; n < 5; n++) await taken('street-lights', dispatcher, '2026-06-09')
  const [one, two] = await Promise.all([remind(worker()), remind(worker())])
  expect(one + two).toBe(5)
})

test('more cases than go into one transaction are all reached', async () => {
  const { caseId } = await write(house, 'graffiti')
  await house.database.owner.once(sql`insert into vault.subject (id, wrapped_key, kek)
    select gen_random_uuid(), '\\x00', 'k' from generate_series(1, 230)`)
  await house.database.owner
    .once(sql`insert into correspondence.casefile (id, topic, state, language, channel, form, form_version, subject,
      received_at, due_on, state_since, receipt_hash)
    select gen_random_uuid(), 'graffiti', 'open', 'en', 'form', 'x', 1, s.id, '2026-06-01', '2026-06-09', '2026-06-01',
      sha256(uuid_send(s.id)) from vault.subject s where s.kek = 'k'`)
  await age(house, caseId, { due: '2026-06-30' })
  await remind(worker())
  const [row] = await house.database.owner.once<{ n: number }>(
    sql`select count(distinct case_id)::int as n from routing.reminder`,
  )
  expect(row?.n).toBe(230)
})

test('nothing happens before the hour or on a day without work', async () => {
  await taken('potholes', dispatcher, '2026-06-05')
  for (const [date, time] of [
    ['2026-06-10', '07:59'],
    ['2026-06-13', '09:00'],
    ['2026-07-03', '09:00'],
  ] as const) {
    now = noon(date, time)
    expect(await remind(worker()), date).toBe(0)
  }
})

test('a case that is due anew can be reminded of anew; what no longer waits leaves no reminder', async () => {
  const { caseId } = await taken('potholes', dispatcher, '2026-06-09')
  await remind(worker())
  await age(house, caseId, { due: '2026-06-11' })
  now = noon('2026-06-12')
  await remind(worker())
  expect((await actsOf(house, caseId)).filter((act) => act === 'case.reminded because=overdue')).toHaveLength(2)
  await house.database.owner.once(sql`update correspondence.casefile set state = 'answered' where id = ${caseId}`)
  now = noon('2026-06-15')
  await remind(worker())
  expect(await house.database.owner.once(sql`select from routing.reminder where case_id = ${caseId}`)).toEqual([])
})

test('the ageing list shows a clerk her own topics, an overseer the numbers of her department, and nobody the rest', async () => {
  const late = await taken('potholes', dispatcher, '2026-06-05')
  const nobodys = await write(house, 'street-trees')
  await age(house, nobodys.caseId, { due: '2026-06-09' })
  await remind(worker())

  const hers = await seen(dispatcher)
  expect(hers.topics.find(({ topic }) => topic === 'potholes')).toMatchObject({
    own: true,
    escalated: 1,
    unassigned: 0,
  })
  expect(hers.topics.some(({ topic }) => topic === 'street-trees')).toBe(false)
  expect(hers.waiting.map(({ line }) => line.id)).toEqual([late.caseId])
  expect(hers.waiting[0]?.reminders).toEqual(expect.arrayContaining(['overdue', 'escalated']))

  const overseen = await seen(director)
  expect(overseen.topics.find(({ topic }) => topic === 'street-trees')).toMatchObject({ overdue: 1, unassigned: 1 })
  expect(overseen.waiting[0]?.line.id).toBe(nobodys.caseId)

  const outside = await seen(librarian)
  expect(outside.waiting).toEqual([])
  expect(outside.topics.map(({ topic }) => topic).sort()).toEqual(['library-general', 'library-programs'])
  expect(outside.topics.every(({ escalated, overdue, soon, later }) => escalated + overdue + soon + later === 0)).toBe(
    true,
  )
})

test('the rail counts what calls for a clerk: hers that are late, those that nobody has, and for who oversees what was escalated', async () => {
  await taken('potholes', dispatcher, '2026-06-05')
  await taken('potholes', dispatcher, '2026-06-30')
  const nobodys = await write(house, 'street-trees')
  await age(house, nobodys.caseId, { due: '2026-06-12', since: '2026-06-08T09:00:00Z' })
  await remind(worker())
  const calling = (clerk: Clerk) =>
    house.db.transaction(async (tx) => {
      await enterStaff(tx, clerk.actor)
      return (await tx.row<{ n: number }>(sql`select routing.calling() as n`))?.n
    })
  expect(await calling(dispatcher)).toBe(1)
  expect(await calling(second)).toBe(1)
  expect(await calling(director)).toBe(2)
  expect(await calling(librarian)).toBe(0)
})

test('who oversees a department sees no number of a sensitive topic that is not hers', async () => {
  await house.database.owner.once(
    sql`insert into need_to_know.duty values ('police-chief', 'police', '{read,oversee}', '{review}')`,
  )
  await house.database.owner.once(sql`insert into need_to_know.duty_topic values ('police-chief', 'parking')`)
  const chief = await house.hire('cho', 'police-chief')
  await write(house, 'police-conduct')
  await write(house, 'noise')
  const topics = (await seen(chief)).topics.map(({ topic }) => topic)
  expect(topics).toContain('noise')
  expect(topics).not.toContain('police-conduct')
  expect(topics).not.toContain('potholes')
})

test('nobody who has not entered learns a number, a reminder or a count', async () => {
  await taken('potholes', dispatcher, '2026-06-05')
  await remind(worker())
  const cases = await house.database.owner.once<{ id: string }>(sql`select id from correspondence.casefile`)
  const ids = cases.map(({ id }) => id)
  const day = '2026-06-10'
  expect(await house.db.once(sql`select * from routing.ageing(${day}, ${day}, ${day})`)).toEqual([])
  expect(await house.db.once(sql`select * from routing.reminders_of(${ids}::uuid[])`)).toEqual([])
  expect(await house.db.once(sql`select routing.calling() as n`)).toEqual([{ n: 0 }])
  const hers = await house.db.transaction(async (tx) => {
    await enterStaff(tx, librarian.actor)
    return tx.rows(sql`select * from routing.reminders_of(${ids}::uuid[])`)
  })
  expect(hers).toEqual([])
})
