import type { CaseId, City } from '../../city/index.ts'
import type { Tx } from '../../plumbing/index.ts'
import { enrol, type Joining } from '../activities/index.ts'
import { book, type BookRefusal, type SlotWish } from '../bookings/index.ts'
import {
  receiveWith,
  type House,
  type IncomingLetter,
  type Received,
  type SubmissionToken,
} from '../correspondence/index.ts'
import { demand, type FeeLine } from '../payments/index.ts'
import type { Answers } from './answering/answer.ts'
import { errorAt, type ErrorCode } from './answering/errors.ts'
import type { AnswersRefused } from './define-answers.ts'
import type { FormDefinition } from './define.ts'
import { joiningCodes, joiningOf, notJoiningCodes, sessionIn } from './signing-up.ts'
import { costOf, linesOf, slotOf, wishOf } from './what-it-costs.ts'

/** What a letter brings besides its words: a time to book or a session to join, and what it costs. */
export type Along = Readonly<{ slotField?: string; wish?: SlotWish; joining?: Joining; lines: readonly FeeLine[] }>

export function comesAlong(city: City, form: FormDefinition, answers: Answers): Along | AnswersRefused {
  const slotField = (slotOf(form) ?? sessionIn(form))?.name
  const joining = joiningOf(city, form, answers)
  if (joining && 'refused' in joining) return refusedAt(slotField ?? '', notJoiningCodes[joining.refused])
  // What a place costs is owed when there is a place, so by the act that gives it.
  if (joining && slotField !== undefined) return { joining, slotField, lines: [] }
  const wish = wishOf(city, form, answers)
  if (wish === 'unreadable') return refusedAt(slotField ?? '', 'not-a-slot')
  const cost = costOf(city, form, answers)
  if (!cost) return refusedAt(mostTelling(form), 'too-much')
  return { lines: linesOf(cost), ...(wish && slotField !== undefined && { wish, slotField }) }
}

/** The question beside which a sum that is too large is told: the first that it is reckoned from. */
function mostTelling({ fees, fields }: FormDefinition): string {
  const named = fees.flatMap(({ times = [] }) =>
    times.map((one) => (typeof one === 'string' ? one : Object.values(one)[0])),
  )
  return fields.find(({ name }) => named.includes(name))?.name ?? fields[0]?.name ?? ''
}

const refusedAt = (field: string, code: ErrorCode): AnswersRefused => ({
  refused: 'answers',
  errors: [errorAt(field, code)],
})

/** Ends a transaction from within: nothing of it stays. */
class TakenBack extends Error {
  readonly why: AnswersRefused
  constructor(why: AnswersRefused) {
    super('a letter was taken back with what came along')
    this.why = why
  }
}

const bookingCodes: Readonly<Record<BookRefusal, ErrorCode>> = {
  taken: 'slot-taken',
  closed: 'slot-closed',
  'too-late': 'slot-too-late',
  'too-far': 'slot-too-far',
  'too-many': 'slot-too-many',
  'not-there': 'not-a-slot',
}

/** The letter, its booking and its charge in one transaction. A repeat of a letter books and charges nothing again. */
export async function receiveWithAll(
  house: House,
  letter: IncomingLetter,
  token: SubmissionToken,
  { wish, joining, slotField = '', lines }: Along,
): Promise<Received | AnswersRefused> {
  try {
    return await house.db.transaction(async (tx) => {
      const { outcome, code, caseId } = await receiveWith(house, tx, letter, token)
      if (outcome === 'different') return { refused: 'different' }
      if (outcome === 'again') return { outcome, code }
      // Charged first: what is booked is settled with its letter, and a settled letter is charged nothing.
      const demanded = lines.length > 0 ? await demand(tx, { caseId, lines }) : undefined
      if (demanded && 'refused' in demanded) throw new Error(`a form's charge was refused: ${demanded.refused}`)
      const booked = wish && (await book(tx, { ...wish, caseId }))
      if (booked && 'refused' in booked) throw new TakenBack(refusedAt(slotField, bookingCodes[booked.refused]))
      if (joining) await join(tx, joining, caseId, slotField)
      return { outcome, code }
    })
  } catch (error) {
    if (error instanceof TakenBack) return error.why
    throw error
  }
}

async function join(tx: Tx, { session, price, waiver }: Joining, caseId: CaseId, field: string): Promise<void> {
  const wish = { caseId, session: session.id, ...(price !== undefined && { price }), ...(waiver && { waiver }) }
  const enrolled = await enrol(tx, wish)
  if ('refused' in enrolled) throw new TakenBack(refusedAt(field, joiningCodes[enrolled.refused]))
}
