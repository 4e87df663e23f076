import type { Temporal } from 'temporal-polyfill'
import type { City, TopicId } from '../../city/index.ts'
import { keepDoing, sql, type Clock, type Db } from '../../plumbing/index.ts'
import { dueOn } from '../correspondence/index.ts'
import { termsOf } from './terms.ts'

/** What the worker needs to see that nothing is forgotten. */
export type Reminding = Readonly<{ keeper: Db; city: City; clock: Clock }>

const atOnce = 100
const first = { due: '-infinity', id: '00000000-0000-0000-0000-000000000000' }

/**
 * The reminders of a working day, once it is late enough: what nobody took up goes to an employee by rule or is reminded
 * of; who has a case that is due soon or late is reminded; whoever oversees is told of what is long overdue. Returns how
 * many were written. On a day without work, before the hour, and once the round is done, nothing happens. A round that
 * was broken off, by a crash too, begins again: each reminder is written once for one date by which a case is due.
 */
export async function remind(worker: Reminding): Promise<number> {
  const { keeper, city, clock } = worker
  const now = clock.now().toZonedDateTimeISO(city.timeZone)
  const day = now.toPlainDate()
  if (!city.calendar.isWorkingDay(day) || now.hour < city.routing.levels.hour) return 0
  const [round] = await keeper.once<{ done: boolean }>(sql`select routing.round_done(${day}) as done`)
  if (round?.done) return 0
  let written = 0
  for (const topic of city.topics.keys()) written += await remindOf(worker, topic, day)
  await keeper.once(sql`select routing.end_round(${day})`)
  return written
}

/** A topic's waiting cases, a hundred a transaction: nobody who writes to one waits for the whole. */
async function remindOf({ keeper, city }: Reminding, topic: TopicId, day: Temporal.PlainDate): Promise<number> {
  const { soon, escalate, untouched } = termsOf(city, day)
  const startOfUntouched = untouched.toZonedDateTime(city.timeZone).toInstant()
  const until = [soon, dueOn(city, topic, untouched)].reduce((a, b) => (a.since(b).sign > 0 ? a : b))
  const rules = city.routing.rules.filter((rule) => rule.duty !== undefined && (rule.to ?? rule.topic) === topic)
  const places = rules.flatMap((rule): (string | null)[] => (rule.places ? [...rule.places] : [null]))
  const duties = rules.flatMap((rule) => (rule.places ? [...rule.places] : [null]).map(() => rule.duty ?? ''))
  let from: { due: Temporal.PlainDate | string; id: string } | undefined = first
  let written = 0
  while (from) {
    const [row]: { due_on: Temporal.PlainDate | null; id: string | null; written: number }[] = await keeper.once(
      sql`select due_on, id, written from routing.remind(${topic}, ${day}, ${soon}, ${escalate}, ${startOfUntouched},
        ${until}, ${overseerOf(city, topic) ?? null}, ${places}::text[], ${duties}::text[], ${from.due}::date,
        ${from.id}::uuid, ${atOnce})`,
    )
    written += row?.written ?? 0
    from = row?.due_on && row.id !== null ? { due: row.due_on, id: row.id } : undefined
  }
  return written
}

/** The duty that is told of a topic's overdue letters: of its department, may oversee, and sees the topic if it is sensitive. */
export function overseerOf(city: City, topic: TopicId): string | undefined {
  const its = city.topics.get(topic)
  return [...city.duties.values()].find(
    ({ department, may, topics }) =>
      department === its?.department && may.includes('oversee') && (topics.includes(topic) || !its.sensitive),
  )?.id
}

/** How many reminders of what kind fell to each employee on a day: numbers only, for whoever tells them. */
export async function dueReminders(
  keeper: Db,
  day: Temporal.PlainDate,
): Promise<readonly Readonly<{ employee: number; kind: string; cases: number }>[]> {
  return keeper.once<{ employee: number; kind: string; cases: number }>(
    sql`select employee, kind, cases from routing.due_reminders(${day})`,
  )
}

const lookEvery = 60_000

/** Looks every minute whether the day's round is due, until `signal` aborts. Any number of workers may look. */
export function runReminders(worker: Reminding, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  const work = async (): Promise<boolean> => {
    await remind(worker)
    return false
  }
  return keepDoing({ work, every: lookEvery, onFault, longest: 600_000, signal })
}
