import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { sql } from '../../plumbing/index.ts'
import type { CaseId, PlaceId, TopicId } from '../../city/index.ts'
import { enterStaff } from '../../trust/need-to-know/index.ts'
import { caseOnDesk } from '../correspondence/index.ts'
import { ageing, remind, reportedNear, routingPanel } from './index.ts'
import { write } from './testing/letters.ts'

/** What a question costs, asked of PostgreSQL's own counters: rows of cases that were read, by index and one by one. */
let house: TestHouse
let dispatcher: Clerk
const cases = 20_000
const waiting = 600

beforeAll(async () => {
  const plain = await openTestHouse()
  house = { ...plain, panels: [routingPanel(plain)] }
  dispatcher = await house.hire('dana', 'works-dispatcher')
  const { owner } = house.database
  await owner.once(sql`insert into vault.subject (id, wrapped_key, kek)
    select gen_random_uuid(), '\\x00', 'many' from generate_series(1, ${cases})`)
  await owner.once(sql`insert into correspondence.casefile (id, topic, state, closed_because, place, language, channel, form,
      form_version, subject, received_at, due_on, state_since, receipt_hash)
    select gen_random_uuid(), (array['potholes', 'graffiti', 'street-lights'])[1 + n % 3],
      case when n > ${waiting} then 'closed' else 'open' end, case when n > ${waiting} then 'done' end, 'riverbend', 'en', 'form', 'x', 1, id,
      now() - interval '3 days', current_date + 30, now() - interval '3 days', sha256(uuid_send(id))
    from (select id, row_number() over () as n from vault.subject where kek = 'many') s`)
}, 120_000)
afterAll(() => house.close())

type Counted = { one_by_one: number; by_index: number }

/** The counters, when every connection has handed in what it counted. */
async function counted(): Promise<Counted> {
  for (const db of [house.db, house.database.keeper, house.database.owner])
    await Promise.all(
      Array.from({ length: 4 }, () =>
        db.transaction((tx) => tx.rows(sql`select pg_stat_force_next_flush(), pg_sleep(0.02)`)),
      ),
    )
  const [row] = await house.database.owner.once<Counted>(sql`select seq_tup_read::int as one_by_one,
    coalesce(idx_tup_fetch, 0)::int as by_index from pg_stat_user_tables where relid = 'correspondence.casefile'::regclass`)
  return row ?? { one_by_one: 0, by_index: 0 }
}

let before: Counted
/** What a piece of work cost since the last one. */
async function costOf(work: () => Promise<unknown>): Promise<{ oneByOne: number; byIndex: number }> {
  await work()
  const after = await counted()
  const cost = { oneByOne: after.one_by_one - before.one_by_one, byIndex: after.by_index - before.by_index }
  before = after
  return cost
}

test('twenty thousand cases are not read to tell what waits, what was reported, what may be the same, or whom to remind', async () => {
  const { caseId } = await write(house, 'potholes', { place: 'riverbend' })
  const clock = { now: () => Temporal.Instant.from('2026-06-10T17:00:00Z') }
  const questions: Record<string, () => Promise<unknown>> = {
    ageing: () =>
      house.db.transaction(async (tx) => {
        await enterStaff(tx, dispatcher.actor)
        return [await ageing(tx, house), await tx.rows(sql`select routing.calling()`)]
      }),
    near: () => reportedNear(house, 'potholes' as TopicId, 'riverbend' as PlaceId),
    desk: () => caseOnDesk(house, dispatcher.actor, caseId satisfies CaseId),
    remind: () => remind({ keeper: house.database.keeper, city: house.city, clock }),
  }
  before = await counted()
  for (const [name, work] of Object.entries(questions)) {
    const { oneByOne, byIndex } = await costOf(work)
    expect(oneByOne, `${name}, one by one`).toBe(0)
    expect(byIndex, `${name}, by index`).toBeLessThan(3_000)
  }
  const seen = await costOf(() =>
    house.database.owner.once(sql`select count(*) from correspondence.casefile where form = 'x'`),
  )
  expect(seen.oneByOne, 'the counters count').toBeGreaterThan(cases)
}, 60_000)
