import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { PlaceId, TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff } from '../../../trust/need-to-know/index.ts'
import { dropFilter, findLines, keepFilter, ownFilters, today, type InboxQuestion } from '../index.ts'
import { lookedAt } from './narrow.ts'

let house: TestHouse
let dan: Clerk
let lupe: Clerk
let tom: Clerk

beforeAll(async () => {
  house = await openTestHouse()
  dan = await house.hire('dan', 'works-dispatcher')
  lupe = await house.hire('lupe', 'works-dispatcher')
  tom = await house.hire('tom', 'librarian')
  await cases({ topic: 'potholes', channel: 'form', count: lookedAt + 60, dueIn: 5 })
  await cases({ topic: 'potholes', channel: 'email', count: 1, dueIn: -3, place: 'levee-park' })
  await cases({ topic: 'potholes', channel: 'email', count: 1, dueIn: 9, assignee: lupe.employee })
  await cases({ topic: 'graffiti', channel: 'email', count: 1, dueIn: 20 })
  await cases({ topic: 'library-general', channel: 'email', count: 2, dueIn: 1 })
  await cases({ topic: 'potholes', channel: 'counter', count: 1, dueIn: 1, closed: true })
}, 60_000)
afterAll(() => house.close())

type Made = {
  topic: string
  channel: string
  count: number
  dueIn: number
  place?: string
  assignee?: number
  closed?: boolean
}
const cases = ({ topic, channel, count, dueIn, place, assignee, closed }: Made) =>
  house.database.owner.once(sql`
    with s as (insert into vault.subject (id, wrapped_key, kek)
      select gen_random_uuid(), 'x', 'test' from generate_series(1, ${count}) returning id)
    insert into correspondence.casefile (id, topic, place, language, channel, form, form_version, subject, received_at,
      due_on, state_since, receipt_hash, assignee, state, closed_because)
    select gen_random_uuid(), ${topic}, ${place ?? null}, 'en', ${channel}, 'test', 1, s.id, now(),
      ${today(house).add({ days: dueIn })}::date, now(), sha256(uuid_send(s.id)), ${assignee ?? null}::int,
      ${closed ? 'closed' : 'new'}, ${closed ? 'done' : null} from s`)

const seenBy = ({ actor }: Clerk, question: InboxQuestion) =>
  house.database.app.transaction(async (tx) => {
    await enterStaff(tx, actor)
    return findLines(tx, question, today(house))
  })
const waiting = (more: Partial<InboxQuestion>): InboxQuestion => ({ shelf: 'waiting', ...more })
const filtersOf = ({ actor }: Clerk) =>
  house.database.app.transaction(async (tx) => {
    await enterStaff(tx, actor)
    return (await ownFilters(tx, house.city, today(house))).map(({ name, query, count, more }) => [
      name,
      `${query} ${String(count)}${more ? '+' : ''}`,
    ])
  })

describe('narrowing the inbox down', () => {
  it('shows what is late, most urgent first, of her topics only', async () => {
    const { lines, next } = await seenBy(dan, waiting({ overdue: true }))
    expect(lines.map(({ channel }) => channel)).toEqual(['email'])
    expect(next).toBeUndefined()
    expect((await seenBy(tom, waiting({ overdue: true }))).lines).toEqual([])
  })

  it('looks at the first few hundred of each topic for one page, and further for the next, missing none', async () => {
    const found: string[] = []
    let after: string | undefined
    let pages = 0
    do {
      const page = await seenBy(dan, waiting({ channel: 'email', ...(after !== undefined && { after }) }))
      found.push(...page.lines.map(({ topic, dueOn }) => `${topic} ${String(today(house).until(dueOn).days)}`))
      after = page.next
      pages++
    } while (after !== undefined && pages < 9)
    expect(found).toEqual(['potholes -3', 'potholes 9', 'graffiti 20'])
    expect(pages).toBe(2)
  })

  it('knows the place, who has it, and that nobody has', async () => {
    const count = async (more: Partial<InboxQuestion>) => (await seenBy(dan, waiting(more))).lines.length
    expect(await count({ place: 'levee-park' as PlaceId })).toBe(1)
    expect(await count({ assignee: lupe.employee })).toBe(1)
    expect(await count({ assignee: dan.employee })).toBe(0)
    expect(await count({ assignee: 'nobody', topic: 'graffiti' as TopicId })).toBe(1)
    expect((await seenBy(lupe, { shelf: 'mine', channel: 'email' })).lines).toHaveLength(1)
    expect((await seenBy(dan, { shelf: 'closed', channel: 'counter' })).lines).toHaveLength(1)
  })

  it('shows nothing of another department, whatever is asked', async () => {
    expect((await seenBy(dan, waiting({ channel: 'email', topic: 'library-general' as TopicId }))).lines).toEqual([])
    expect((await seenBy(tom, waiting({ channel: 'email' }))).lines).toHaveLength(2)
    expect((await seenBy(tom, waiting({ assignee: lupe.employee }))).lines).toEqual([])
    const nobody = await house.database.app.transaction((tx) =>
      findLines(tx, waiting({ channel: 'email' }), Temporal.PlainDate.from('2026-01-01')),
    )
    expect(nobody.lines).toEqual([])
  })
})

describe('a filter', () => {
  it('is kept under a name of her own, counted within her topics, and replaced by its name', async () => {
    expect(await keepFilter(house, dan.actor, { name: ' By  mail ', question: waiting({ channel: 'email' }) })).toEqual(
      {
        done: true,
      },
    )
    await keepFilter(house, dan.actor, { name: 'Late', question: waiting({ overdue: true }) })
    await keepFilter(house, dan.actor, { name: 'Late', question: { shelf: 'mine', overdue: true } })
    expect(await filtersOf(dan)).toEqual([
      ['By mail', '?channel=email 2+'],
      ['Late', '?shelf=mine&overdue=yes 0'],
    ])
  })

  it('is hers alone: a colleague neither sees nor drops it', async () => {
    expect(await filtersOf(lupe)).toEqual([])
    const [row] = await house.database.owner.once<{ id: string }>(sql`select id from correspondence.filter limit 1`)
    expect(await dropFilter(house, lupe.actor, row?.id ?? '')).toEqual({ refused: 'not-there' })
    expect(await filtersOf(dan)).toHaveLength(2)
    expect(await dropFilter(house, dan.actor, row?.id ?? '')).toEqual({ done: true })
    expect(await filtersOf(dan)).toHaveLength(1)
  })

  it('is refused with an empty name, a long one, one that looks like somebody’s, and as the ninth', async () => {
    const keep = (name: string) => keepFilter(house, tom.actor, { name, question: waiting({}) })
    expect(await keep(' ')).toEqual({ refused: 'empty' })
    expect(await keep('x'.repeat(41))).toEqual({ refused: 'too-long' })
    expect(await keep('marisol@example.org')).toEqual({ refused: 'personal' })
    expect(await keep('call (530) 555-0100')).toEqual({ refused: 'personal' })
    for (let n = 1; n <= 8; n++) expect(await keep(`No. ${String(n)}`)).toEqual({ done: true })
    expect(await keep('No. 9')).toEqual({ refused: 'too-many' })
    expect(await keep('No. 8')).toEqual({ done: true })
  })

  it('can be neither read nor written past its functions, nor hold words', async () => {
    const { app, owner } = house.database
    await expect(app.once(sql`select from correspondence.filter`)).rejects.toThrow(/permission denied/)
    expect(await app.once(sql`select from correspondence.filters()`)).toEqual([])
    await expect(
      owner.once(sql`insert into correspondence.filter (id, employee, name, query)
        values (gen_random_uuid(), ${dan.employee}, 'x', 'topic=Marisol Vega')`),
    ).rejects.toThrow()
  })
})
