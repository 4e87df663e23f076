import type { FormId, PriceGroupId, Programme, Session } from '../../../city/index.ts'
import { enterConsent, keepHeld, openConsents, sealHeld, type ConsentId } from '../../../people/consent/index.ts'
import type { ChildAtHome, ChildId, ResidentActor } from '../../../people/residents/index.ts'
import { sql, type Language, type Tx } from '../../../plumbing/index.ts'
import type { DataKey } from '../../../trust/vault/index.ts'
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
  readonly child: ChildId
  constructor(why: EnrolChildRefusal, about: EnrollingChild | undefined) {
    super('refused')
    if (!about) throw new Error('nobody was to be enrolled')
    this.why = why
    this.child = about.child.id
  }
}

/**
 * A guardian signs a child up: the letter, the place or number or ticket, and what was asked, each sealed under its consent's
 * own key, all in one transaction or nothing. The letter says programme and session, and nothing of the child. Refusals as
 * of `enrol`, and: `age`, she is not of the age on the first day; `consent`, one that is needed is not in force; `before`,
 * another programme comes first; `again`, she is in it already.
 */
export async function enrolChild(house: House, actor: ResidentActor, wish: EnrollingChild): Promise<ChildEnrolled> {
  const enrolled = await enrolChildren(house, actor, [wish])
  if ('refused' in enrolled) return { refused: enrolled.refused }
  const [code] = enrolled.codes
  if (code === undefined) throw new Error('enrolling a child gave no receipt')
  return { code, as: enrolled.as }
}

/** `child`: whom it is about, where it is about one. */
export type ChildrenEnrolled =
  | Readonly<{ codes: readonly ReceiptCode[]; as: EnrolledAs | 'again' }>
  | Readonly<{ refused: EnrolChildRefusal; child: ChildId }>

/**
 * Brothers and sisters are signed up together: all of them get a place where enough are free, else all of them wait together;
 * in a drawing they are one ticket. Each has a letter and a receipt of her own. One refusal is a refusal of all.
 */
export async function enrolChildren(
  house: House,
  actor: ResidentActor,
  wishes: readonly EnrollingChild[],
): Promise<ChildrenEnrolled> {
  const wrong = wishes.find(({ programme, session, child }) => !fitsAge(programme, session, child))
  if (wrong) return { refused: 'age', child: wrong.child.id }
  const ids = wishes.flatMap(({ consents }) => consents.map(({ id }) => id))
  const keys = await openConsents(house, actor, ids, { purpose: 'activity', reason: 'sign-up' })
  try {
    return await house.db.transaction(async (tx): Promise<ChildrenEnrolled> => {
      if (!(await enterConsent(tx, actor))) throw new Refused('not-there', wishes[0])
      const family = wishes.length > 1 ? newId() : undefined
      const codes: ReceiptCode[] = []
      let as: EnrolledAs | 'again' = 'again'
      for (const wish of wishes) {
        const token = wish.token ?? issueToken(house.keys)
        const { outcome, caseId, code } = await receiveWith(house, tx, letterOf(wish), token)
        codes.push(code)
        if (outcome !== 'again') as = await enrolIn(tx, caseId, wish, family)
      }
      if (as === 'again') return { codes, as }
      if (family !== undefined && as !== 'lottery') as = await seat(tx, family, wishes)
      const kept = await keepHeld(tx, wishes.flatMap((wish) => valuesOf(wish, keys))) // prettier-ignore
      if ('refused' in kept) throw new Refused('consent', wishes[0])
      return { codes, as }
    })
  } catch (error) {
    if (error instanceof Refused) return { refused: error.why, child: error.child }
    throw error
  }
}

/** What she answered, each answer under the key of the consent it was asked under. */
function valuesOf(wish: EnrollingChild, keys: ReadonlyMap<ConsentId, DataKey>) {
  return wish.consents.flatMap(({ id, purpose, needed }) => {
    const key = keys.get(id)
    const asks = wish.programme.purposes.find((one) => one.id === purpose)?.asks ?? []
    if (!key) throw new Refused('consent', wish)
    return asks.flatMap(({ field }) => {
      const text = wish.answers[field]?.trim()
      return text ? [{ consent: id, field, sealed: sealHeld(key, id, field, text), record: needed }] : []
    })
  })
}

async function seat(tx: Tx, family: string, wishes: readonly EnrollingChild[]): Promise<EnrolledAs> {
  for (let drawn = 0; drawn < 5; drawn += 1) {
    const references = wishes.map(() => drawReference())
    const row = await tx.row<{ outcome: 'enrolled' | 'held' | 'waiting' | 'not-there' | 'draw-again' }>(
      sql`select activities.seat_family(${family}, ${references}::text[]) as outcome`,
    )
    if (row?.outcome === 'draw-again') continue
    if (!row || row.outcome === 'not-there') throw new Error('brothers and sisters were given no places and no number')
    return row.outcome
  }
  throw new Error('every payment reference that was drawn is taken')
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

async function enrolIn(tx: Tx, caseId: string, wish: EnrollingChild, family?: string): Promise<EnrolledAs> {
  const { programme, session, child, group, said } = wish
  const price = priceFor(programme, group)
  const sibling = price === undefined ? undefined : Math.round((price * (100 - (programme.price?.sibling ?? 0))) / 100)
  const needed = programme.purposes.filter((one) => one.needed).map(({ id }) => id)
  const waiver = programme.waiver ? waiverHash(programme.waiver) : null
  for (let drawn = 0; drawn < 5; drawn += 1) {
    const row = await tx.row<{ outcome: EnrolledAs | EnrolChildRefusal | 'draw-again' }>(
      sql`select activities.enrol_child(${newId()}, ${caseId}, ${session.id}, ${child.id}, ${needed}::text[], ${waiver},
        ${price ?? null}, ${sibling ?? null}, ${said}, ${drawReference()}, ${family ?? null}) as outcome`,
    )
    if (!row) throw new Error('enrolling a child gave no outcome')
    if (row.outcome === 'draw-again') continue
    if (isRefusal(row.outcome)) throw new Refused(row.outcome, wish)
    return row.outcome
  }
  throw new Error('every payment reference that was drawn is taken')
}

const refusals: readonly string[] = [...enrolRefusals, 'consent', 'before', 'again', 'age']
const isRefusal = (outcome: EnrolledAs | EnrolChildRefusal): outcome is EnrolChildRefusal => refusals.includes(outcome)
