import { Temporal } from 'temporal-polyfill'
import { sql, type Tx } from '../../../plumbing/index.ts'
import type { FormDefinition } from '../define.ts'
import type { Field } from '../define-field.ts'

export const ways = ['exported', 'referred', 'found', 'mailed', 'booked', 'charged', 'shown'] as const
export type Way = (typeof ways)[number]

/** How a question’s answers were used in the last twelve months. `unneeded`: in a whole year, by nobody. */
export type QuestionUse = Readonly<{ field: Field; times: ReadonlyMap<Way, number>; unneeded: boolean }>
export type FormUse = Readonly<{ since: Temporal.PlainDate; wholeYear: boolean; questions: readonly QuestionUse[] }>

type Row = { question: string; how: Way; times: number }

/** Counts by form, version, question and month: no case, no person, no clerk. Undefined where nobody of the staff has entered. */
export async function usesOf(tx: Tx, form: FormDefinition, today: Temporal.PlainDate): Promise<FormUse | undefined> {
  const counted = await tx.row<{ since: string | null }>(sql`select exchange.counted_since()::text as since`)
  if (!counted?.since) return undefined
  const since = Temporal.PlainDate.from(counted.since)
  const wholeYear = Temporal.PlainDate.compare(since.add({ months: 12 }), today) <= 0
  const rows = await tx.rows<Row>(
    sql`select question, how, sum(times)::int as times from exchange.uses(${form.id}) group by 1, 2`,
  )
  const questions = form.fields.map((field): QuestionUse => {
    const codes = codesOf(form, field)
    const times = new Map<Way, number>()
    for (const row of rows) if (codes.includes(row.question)) times.set(row.how, (times.get(row.how) ?? 0) + row.times)
    return { field, times, unneeded: wholeYear && couldGo(field) && times.size === 0 }
  })
  return { since, wholeYear, questions }
}

/** What the service cannot be given without is not proposed: its answer is read with the letter. The rest is folded there. */
const couldGo = ({ privacy }: Field) =>
  privacy !== undefined && (!privacy.needed || privacy.sensitivity === 'sensitive')

/** Under which codes uses of a question are counted: its own name, and what only its kind tells. */
function codesOf(form: FormDefinition, { name, kind }: Field): readonly string[] {
  const contact = (['name', 'email', 'telephone'] as const).filter((one) => form.contact[one]?.split('.')[0] === name)
  const charged = JSON.stringify([form.fees, form.waivers]).includes(JSON.stringify(name))
  return [
    name,
    ...contact.map((one) => `@${one}`),
    ...(kind === 'slot' || kind === 'session' ? ['@slot'] : []),
    ...(charged ? ['@fees'] : []),
  ]
}
