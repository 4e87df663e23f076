import { stringify } from 'csv-stringify/sync'
import type { Temporal } from 'temporal-polyfill'
import type { TillId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { House } from '../correspondence/index.ts'
import type { Way } from './charge.ts'
import { moneyOf, plainMoney, sum, type Money } from './money.ts'
import { inGroups, type PaymentReference } from './reference.ts'

/** One thing that happened at a till; without `till` on the payment company's page. */
export type Taking = Readonly<{
  at: Temporal.Instant
  reference: PaymentReference
  what: 'payment' | 'refund'
  way: Way
  amount: Money
  slip?: string
}>

export type TakingsQuestion = Readonly<{ day: Temporal.PlainDate; till?: TillId }>

type Row = Omit<Taking, 'amount' | 'slip'> & { amount: number; slip: string | null }

/** What a till took in and paid out on a day of the city's calendar, in order of time. Nothing for who does not collect. */
export function takings(house: House, actor: StaffActor, question: TakingsQuestion): Promise<readonly Taking[]> {
  return ask(house, actor, question, 'takings')
}

/** The same as CSV, in the ledger with its number of rows. Amounts are plain numbers; what is paid back is negative. */
export async function exportTakings(house: House, actor: StaffActor, question: TakingsQuestion): Promise<string> {
  const rows = await ask(house, actor, question, 'export_takings')
  return stringify(
    rows.map(({ at, reference, what, way, amount, slip }) => [
      at.toZonedDateTimeISO(house.city.timeZone).toString({ smallestUnit: 'second', timeZoneName: 'never' }),
      inGroups(reference),
      what,
      way,
      `${what === 'refund' ? '-' : ''}${plainMoney(amount)}`,
      slip ?? '',
    ]),
    { header: true, columns: ['time', 'reference', 'what', 'way', 'dollars', 'slip'], record_delimiter: 'windows' },
  )
}

async function ask(
  house: House,
  actor: StaffActor,
  { day, till }: TakingsQuestion,
  how: 'takings' | 'export_takings',
): Promise<readonly Taking[]> {
  const from = day.toZonedDateTime(house.city.timeZone).toInstant()
  const until = day.add({ days: 1 }).toZonedDateTime(house.city.timeZone).toInstant()
  const rows = await house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    return how === 'takings'
      ? tx.rows<Row>(sql`select * from payments.takings(${till ?? null}, ${from}, ${until})`)
      : tx.rows<Row>(sql`select * from payments.export_takings(${till ?? null}, ${from}, ${until})`)
  })
  return rows.map(({ amount, slip, ...row }) => ({
    ...row,
    amount: moneyOf(amount),
    ...(slip !== null && { slip }),
  }))
}

export type WayTotal = Readonly<{ way: Way; taken: Money; back: Money; count: number }>

/** What should be in the drawer: by way, what came in and what went back. */
export function totalsOf(rows: readonly Taking[]): readonly WayTotal[] {
  const of = (way: Way, what: Taking['what']) => rows.filter((row) => row.way === way && row.what === what)
  return [...new Set(rows.map(({ way }) => way))].map((way) => ({
    way,
    taken: sum(of(way, 'payment').map(({ amount }) => amount)),
    back: sum(of(way, 'refund').map(({ amount }) => amount)),
    count: rows.filter((row) => row.way === way).length,
  }))
}
