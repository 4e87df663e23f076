import type { City, FacilityId, PriceGroupId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import { joiningWords } from '../activities/index.ts'
import { endOf, priceOf, readSlot, whenWords, type SlotWish } from '../bookings/index.ts'
import { moneyOf, type FeeLine } from '../payments/index.ts'
import type { Answers } from './answering/answer.ts'
import { feesOf, type Fees } from './answering/fees.ts'
import type { Field } from './define-field.ts'
import type { FormDefinition } from './define.ts'
import { say } from './messages.ts'
import { joiningIn } from './signing-up.ts'

/** The question of a form that books something, where it has one. */
export const slotOf = (form: FormDefinition): Field | undefined => form.fields.find(({ kind }) => kind === 'slot')

/** What somebody wishes to book, from her answer; undefined where she was not asked. `unreadable`: it is nothing of ours. */
export function wishOf(city: City, form: FormDefinition, answers: Answers): SlotWish | 'unreadable' | undefined {
  const field = slotOf(form)
  const answer = field && answers[field.name]
  if (!field || typeof answer !== 'string') return undefined
  const [slot, slots, places] = answer.split('/')
  const wish = readSlot(
    city,
    { slot, 'slot-slots': slots, 'slot-places': places },
    'slot',
    field.facility as FacilityId,
  )
  return 'refused' in wish ? 'unreadable' : wish
}

/** What is booked, or signed up for, decides who reads the letter: one form serves several departments. */
export const bookedTopic = (city: City, form: FormDefinition, answers: Answers) =>
  bookedIn(city, form, answers)?.facility.topic ?? joiningIn(city, form, answers)?.programme.topic

function bookedIn(city: City, form: FormDefinition, answers: Answers) {
  const wish = wishOf(city, form, answers)
  if (wish === undefined || wish === 'unreadable') return undefined
  const facility = city.bookings.get(wish.facility)
  return facility && { wish, facility }
}

/** What somebody wishes to book, as it will be read for ever: what, when by the clocks of the city, and how many. */
export function wishInWords(city: City, form: FormDefinition, answers: Answers, language: Language): string {
  const joining = joiningIn(city, form, answers)
  if (joining) return joiningWords(city, joining, language)
  const booked = bookedIn(city, form, answers)
  if (!booked) return ''
  const { wish, facility } = booked
  const when = whenWords(language, city.timeZone, { start: wish.start, end: endOf(facility, wish) })
  const unit = facility.unit?.[language] ?? ''
  return say(language, 'slotWords', { what: facility.name[language], when, places: wish.places, unit })
}

/**
 * What a letter costs: the form's fees, and the price of what is booked in the person's price group. Undefined where a sum
 * is beyond what can be charged.
 */
export function costOf(city: City, form: FormDefinition, answers: Answers): Fees | undefined {
  const booked = bookedFee(city, form, answers)
  return feesOf({ fees: [...booked, ...form.fees], waivers: form.waivers }, answers)
}

function bookedFee(city: City, form: FormDefinition, answers: Answers) {
  const joining = joiningIn(city, form, answers)
  if (joining) return joining.price === undefined ? [] : [{ label: joining.programme.name, each: joining.price }]
  const booked = bookedIn(city, form, answers)
  if (!booked) return []
  const { wish, facility } = booked
  const chosen = answers[slotOf(form)?.['price-group'] ?? '']
  const group = typeof chosen === 'string' ? facility.price?.groups.get(chosen as PriceGroupId) : undefined
  const cents = priceOf(facility, wish, group?.slot)
  return cents === undefined || cents === 0 ? [] : [{ label: facility.name, each: cents }]
}

/** The lines of a charge. Waivers are taken from the lines in their order; a line that two of them share stands twice. */
export function linesOf({ lines, waived }: Fees): readonly FeeLine[] {
  const left = waived.map(({ cents, reason }) => ({ cents, reason }))
  return lines.flatMap(({ label, cents }, at) => {
    let rest = cents
    const taken = left.flatMap((waiver) => {
      const amount = Math.min(rest, waiver.cents)
      waiver.cents -= amount
      rest -= amount
      return amount > 0 ? [{ amount: moneyOf(amount), reason: waiver.reason }] : []
    })
    const line = { label, rule: `fee.${String(at + 1)}` }
    if (taken.length === 0) return [{ ...line, amount: moneyOf(cents) }]
    return taken.map((one, index) => ({
      ...line,
      amount: moneyOf(one.amount + (index === taken.length - 1 ? rest : 0)),
      waived: one,
    }))
  })
}
