import { sql, type Tx } from '../../plumbing/index.ts'
import type { City, TopicId } from '../../city/index.ts'
import { caseColumns, caseLine, today, type CaseLine, type House } from '../correspondence/index.ts'
import { termsOf, type Terms } from './terms.ts'

/** How much waits in one topic, by when it is due. Counts stop at 100; `unassigned` is of the hundred most urgent. */
export type Ageing = Readonly<{
  topic: TopicId
  /** On her own desk; of another topic an overseer sees the numbers only. */
  own: boolean
  unassigned: number
  escalated: number
  overdue: number
  soon: number
  later: number
}>

export const reminderKinds = ['unassigned', 'due-soon', 'overdue', 'escalated'] as const
export type ReminderKind = (typeof reminderKinds)[number]

export type WaitingLine = Readonly<{ line: CaseLine; reminders: readonly ReminderKind[] }>

const lines = 50

/**
 * What waits, for the acting employee: numbers for each topic of her duties, and of the departments she oversees; below
 * them the most urgent cases on her own desk, those that nobody has taken up first. Nothing here grows with the number
 * of cases: each number and each list is a stretch of one index.
 */
export async function ageing(
  tx: Tx,
  house: Pick<House, 'city' | 'clock'>,
): Promise<Readonly<{ topics: readonly Ageing[]; waiting: readonly WaitingLine[]; terms: Terms }>> {
  const terms = termsOf(house.city, today(house))
  const topics = await tx.rows<Ageing>(sql`select topic, own, unassigned, escalated, overdue, soon, later
    from routing.ageing(${terms.day}, ${terms.soon}, ${terms.escalate})`)
  const rows = await tx.rows(sql`select ${caseColumns} from unnest((select need_to_know.topics())) as t (topic)
    cross join lateral (
      select * from correspondence.visible c where c.topic = t.topic and c.state in ('new', 'open')
      order by c.due_on, c.id limit ${lines}
    ) c order by (c.assignee is null) desc, c.due_on, c.id limit ${lines}`)
  const found = rows.map(caseLine)
  const reminders = await remindersOf(tx, found)
  const waiting = found.map((line) => ({ line, reminders: reminders.get(line.id) ?? [] }))
  return { topics, waiting, terms }
}

/** The reminders that hold for these cases now. */
export async function remindersOf(
  tx: Tx,
  cases: readonly Pick<CaseLine, 'id'>[],
): Promise<ReadonlyMap<string, readonly ReminderKind[]>> {
  const rows = await tx.rows<{ case_id: string; kind: ReminderKind }>(
    sql`select case_id, kind from routing.reminders_of(${cases.map(({ id }) => id)}::uuid[])`,
  )
  const found = new Map<string, ReminderKind[]>()
  for (const { case_id, kind } of rows) found.set(case_id, [...(found.get(case_id) ?? []), kind])
  return found
}

/** The numbers by department, in the order of the city's files. */
export function byDepartment(city: City, topics: readonly Ageing[]) {
  return [...city.departments.values()].flatMap((department) => {
    const its = topics.filter(({ topic }) => city.topics.get(topic)?.department === department.id)
    return its.length > 0 ? [{ department, topics: its }] : []
  })
}
