import type { Temporal } from 'temporal-polyfill'
import { sql, type Language, type Tx } from '../../plumbing/index.ts'
import type { CaseId, DutyId, FormId, PlaceId, TopicId } from '../../city/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { wordTokens } from '../../trust/vault/index.ts'
import type { TakenFile } from '../attachments/index.ts'
import {
  readyToReceive,
  secretOf,
  today,
  type ContactDetails,
  type IncomingLetter,
  type ReceiptCode,
  type SubmissionToken,
} from '../correspondence/index.ts'
import { letterForm, type CounterHouse, type RecordedChannel } from './house.ts'

/** A letter as a clerk writes it down. */
export type Recording = Readonly<{
  channel: RecordedChannel
  /** The day it came to City Hall; the answer is due from then on. */
  day: Temporal.PlainDate
  topic: TopicId
  place?: PlaceId
  language: Language
  /** What it says; may be empty where its pages come along. */
  words: string
  contact: ContactDetails
  /** Whose purpose and retention hold; the letter to the city where it is left out. */
  form?: FormId
  /** Its pages, in order. */
  files?: readonly TakenFile[]
  /** The duty on which she records it. */
  duty: DutyId
}>

/** What stands on the slip that is handed over. The code is nowhere but on this page; the city keeps a keyed hash. */
export type Slip = Readonly<{
  code: ReceiptCode
  number: number
  topic: TopicId
  language: Language
  receivedAt: Temporal.Instant
  dueOn: Temporal.PlainDate
}>

export type RecordRefusal = 'not-there' | 'not-then' | 'different' | 'past'
export type Recorded = Readonly<{ slip: Slip }> | Readonly<{ refused: RecordRefusal }>

type SlipRow = {
  outcome: 'recorded' | 'again' | RecordRefusal
  number: number
  topic: TopicId
  language: Language
  received_at: Temporal.Instant
  due_on: Temporal.PlainDate
}

/**
 * Records a letter that came on paper, at the counter or by telephone: the same case, sealed in the same way, about any
 * topic; and who recorded it, on which duty, in the ledger, where the person reads it. Afterwards the case belongs to the
 * topic's department. The same token again prints the same receipt for ten minutes (`past` after that).
 * Refusals: `not-there`, no duty of hers records; `not-then`, a day that may not be; `different`, this page was used before
 * for another letter. Nothing is written on refusal. `also` writes what belongs to the letter in the same transaction; what
 * it refuses is the refusal, and the letter is not recorded either.
 */
export async function record<Why extends string = never>(
  house: CounterHouse,
  actor: StaffActor,
  input: Recording,
  token: SubmissionToken,
  also?: (tx: Tx, caseId: CaseId) => Promise<Why | undefined>,
): Promise<Recorded | Readonly<{ refused: Why }>> {
  const { code, caseId, letter } = readyToReceive(house, letterOf(house, input), { token, day: input.day })
  const work = house.db.transaction(async (tx): Promise<Recorded> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const written =
      await tx.row<SlipRow>(sql`select * from counter.receive(${input.duty}, ${momentOf(house, input.day)},
      ${wordTokens(house.keys, input.words)}::bytea[], ${letter})`)
    const row =
      written?.outcome === 'again'
        ? await tx.row<SlipRow>(sql`select * from counter.print_again(${secretOf(house.keys, code)})`)
        : written
    if (row?.outcome !== 'recorded') return { refused: row && row.outcome !== 'again' ? row.outcome : 'not-there' }
    const why = written?.outcome === 'recorded' ? await also?.(tx, caseId) : undefined
    if (why !== undefined) throw new Undone(why)
    const { number, topic, language } = row
    return { slip: { code, number, topic, language, receivedAt: row.received_at, dueOn: row.due_on } }
  })
  return work.catch((error: unknown) => {
    if (error instanceof Undone) return { refused: error.why as Why }
    throw error
  })
}

/** Ends a transaction in which nothing may stay. */
class Undone<Why extends string> extends Error {
  readonly why: Why
  constructor(why: Why) {
    super('what belongs to the letter was refused')
    this.why = why
  }
}

function letterOf(house: CounterHouse, input: Recording): IncomingLetter {
  const { channel, topic, place, language, words, contact, files = [], form = letterForm } = input
  const label = { en: 'Your letter', es: 'Su carta' }[language]
  return {
    channel,
    form,
    formVersion: house.forms.get(form)?.version ?? 1,
    topic,
    ...(place && { place }),
    language,
    answers: words === '' ? [] : [{ field: 'message', label, value: words }],
    contact,
    ...(files.length > 0 && { files }),
  }
}

/** A day before today is dated at its noon in the city; today is now, as the database's own clock has it. */
function momentOf(house: CounterHouse, day: Temporal.PlainDate): Temporal.Instant | null {
  if (day.equals(today(house))) return null
  return day.toZonedDateTime({ timeZone: house.city.timeZone, plainTime: '12:00' }).toInstant()
}
