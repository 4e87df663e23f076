import type { FormId, PriceGroupId, Programme, Session } from '../../../city/index.ts'
import { enterConsent, keepHeld, openConsents, sealHeld } from '../../../people/consent/index.ts'
import type { ChildAtHome, ResidentActor } from '../../../people/residents/index.ts'
import { sql, type Language, type Tx } from '../../../plumbing/index.ts'
import {
  issueToken,
  newId,
  receiveWith,
  type House,
  type ReceiptCode,
  type SubmissionToken,
} from '../../correspondence/index.ts'
import { drawReference } from '../../payments/index.ts'
import { enrolRefusals, type EnrolledAs, type EnrolRefusal } from '../enrol.ts'
import { waiverHash } from '../import-activities.ts'
import { say } from '../messages.ts'
import { priceFor } from '../pages/words.ts'
import { hoursWords, spanWords } from '../when.ts'
import { fitsAge, type ChildConsent } from './standing.ts'

export type EnrolChildRefusal = EnrolRefusal | 'consent' | 'before' | 'again' | 'age'
/** `again`: this very page was posted before, and leads to the same receipt. */
export type ChildEnrolled =
  Readonly<{ code: ReceiptCode; as: EnrolledAs | 'again' }> | Readonly<{ refused: EnrolChildRefusal }>

export type EnrollingChild = Readonly<{
  programme: Programme
  session: Session
  child: ChildAtHome
  /** The consents that are in force, and what was answered to the questions under each, by field. */
  consents: readonly ChildConsent[]
  answers: Readonly<Record<string, string>>
  /** Her own contact, for what is mailed about the place. */
  contact: Readonly<{ name: string; email?: string }>
  group?: PriceGroupId
  /** She said that the child has done what comes first. */
  said: boolean
  language: Language
  /** Posting the same page twice is one enrolment. */
  token?: SubmissionToken
}>

class Refused extends Error {
  readonly why: EnrolChildRefusal
  constructor(why: EnrolChildRefusal) {
    super('refused')
    this.why = why
  }
}

/**
 * A guardian signs a child up: the letter, the place or number or ticket, and what was asked, each sealed under its consent's
 * own key, all in one transaction or nothing. The letter says programme and session, and nothing of the child. Refusals as
 * of `enrol`, and: `age`, she is not of the age on the first day; `consent`, one that is needed is not in force; `before`,
 * another programme comes first; `again`, she is in it already.
 */
export async function enrolChild(house: House, actor: ResidentActor, wish: EnrollingChild): Promise<ChildEnrolled> {
  const { programme, session, child, consents } = wish
  if (!fitsAge(programme, session, child)) return { refused: 'age' }
  const keys = await openConsents(house, actor, consents.map(({ id }) => id), { purpose: 'activity', reason: 'sign-up' }) // prettier-ignore
  try {
    return await house.db.transaction(async (tx): Promise<ChildEnrolled> => {
      if (!(await enterConsent(tx, actor))) throw new Refused('not-there')
      const { outcome, caseId, code } = await receiveWith(
        house,
        tx,
        letterOf(wish),
        wish.token ?? issueToken(house.keys),
      )
      if (outcome === 'again') return { code, as: outcome }
      const as = await enrolIn(tx, caseId, wish)
      const values = consents.flatMap(({ id, purpose, needed }) => {
        const key = keys.get(id)
        const asks = programme.purposes.find((one) => one.id === purpose)?.asks ?? []
        if (!key) throw new Refused('consent')
        return asks.flatMap(({ field }) => {
          const text = wish.answers[field]?.trim()
          return text ? [{ consent: id, field, sealed: sealHeld(key, id, field, text), record: needed }] : []
        })
      })
      const kept = await keepHeld(tx, values)
      if ('refused' in kept) throw new Refused('consent')
      return { code, as }
    })
  } catch (error) {
    if (error instanceof Refused) return { refused: error.why }
    throw error
  }
}

function letterOf({ programme, session, contact, language }: EnrollingChild) {
  const value = [programme.name[language], spanWords(language, session), hoursWords(language, session)].join('\n')
  return {
    channel: 'form' as const,
    form: 'activity-child' as FormId,
    formVersion: 1,
    topic: programme.topic,
    language,
    answers: [{ field: 'session', label: say(language, 'panelTitle'), value }],
    contact,
  }
}

async function enrolIn(tx: Tx, caseId: string, wish: EnrollingChild): Promise<EnrolledAs> {
  const { programme, session, child, group, said } = wish
  const price = priceFor(programme, group)
  const sibling = price === undefined ? undefined : Math.round((price * (100 - (programme.price?.sibling ?? 0))) / 100)
  const needed = programme.purposes.filter((one) => one.needed).map(({ id }) => id)
  const waiver = programme.waiver ? waiverHash(programme.waiver) : null
  for (let drawn = 0; drawn < 5; drawn += 1) {
    const row = await tx.row<{ outcome: EnrolledAs | EnrolChildRefusal | 'draw-again' }>(
      sql`select activities.enrol_child(${newId()}, ${caseId}, ${session.id}, ${child.id}, ${needed}::text[], ${waiver},
        ${price ?? null}, ${sibling ?? null}, ${said}, ${drawReference()}) as outcome`,
    )
    if (!row) throw new Error('enrolling a child gave no outcome')
    if (row.outcome === 'draw-again') continue
    if (isRefusal(row.outcome)) throw new Refused(row.outcome)
    return row.outcome
  }
  throw new Error('every payment reference that was drawn is taken')
}

const refusals: readonly string[] = [...enrolRefusals, 'consent', 'before', 'again', 'age']
const isRefusal = (outcome: EnrolledAs | EnrolChildRefusal): outcome is EnrolChildRefusal => refusals.includes(outcome)
