import type { DutyId } from '../../../city/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import type { StaffActor } from '../../../trust/need-to-know/index.ts'
import { today, type ContactDetails, type SubmissionToken } from '../../correspondence/index.ts'
import { record, type CounterHouse, type Recorded, type RecordRefusal } from '../../counter/index.ts'
import { book, type BookRefusal } from '../book.ts'
import type { SlotWish } from '../slot.ts'

/** A booking as a clerk writes it down for who calls or stands before her. */
export type ToRecord = Readonly<{
  wish: SlotWish
  duty: DutyId
  channel: 'counter' | 'telephone'
  language: Language
  words: string
  contact: ContactDetails
}>

export type RecordedBooking = Recorded | Readonly<{ refused: BookRefusal | RecordRefusal }>

/**
 * Records a booking made at the counter or by telephone: the counter's recording and the booking in one transaction, so that
 * there is a receipt with a booking, or neither. It takes a duty that records, and one that keeps these bookings.
 */
export async function recordBooking(
  house: CounterHouse,
  actor: StaffActor,
  { wish, ...input }: ToRecord,
  token: SubmissionToken,
): Promise<RecordedBooking> {
  const facility = house.city.bookings.get(wish.facility)
  if (!facility) return { refused: 'not-there' }
  const letter = { ...input, day: today(house), topic: facility.topic, form: facility.form }
  return record(house, actor, letter, token, async (tx, caseId) => {
    const booked = await book(tx, { ...wish, caseId })
    return 'refused' in booked ? booked.refused : undefined
  })
}
