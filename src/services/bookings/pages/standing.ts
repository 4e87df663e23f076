import type { City } from '../../../city/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import type { Booking, CancelReason } from '../in-hand.ts'
import { say } from '../messages.ts'
import { untilWords } from '../when.ts'

/** How a booking stands, in a sentence to the person. */
export function standingWords({ timeZone }: City, language: Language, { standing }: Booking): string {
  switch (standing.state) {
    case 'held':
      return say(language, 'stateHeld', { until: untilWords(language, timeZone, standing.until) })
    case 'booked':
      return say(language, 'stateBooked')
    case 'taken-place':
      return say(language, 'stateOver')
    case 'no-show':
      return say(language, 'stateNoShow')
    case 'cancelled-by-person':
      return say(language, 'stateCancelledByPerson')
    case 'cancelled-by-city':
      return say(language, 'stateCancelledByCity', { because: becauseWords(language, standing.because) })
    default:
      return standing satisfies never
  }
}

export function becauseWords(language: Language, because: CancelReason): string {
  const words = {
    weather: 'because_weather',
    repair: 'because_repair',
    emergency: 'because_emergency',
    'needed-by-the-city': 'because_needed_by_the_city',
    rules: 'because_rules',
    asked: 'because_asked',
    mistake: 'because_mistake',
    'not-paid': 'because_not_paid',
  } as const
  return say(language, words[because])
}

/** What of the price goes back; nothing to say where there is none. */
export function refundWords(city: City, language: Language, booking: Booking, refund: 'full' | 'half' | 'none') {
  return city.bookings.get(booking.facility)?.price ? say(language, `paidBack_${refund}`) : undefined
}

/** Table 2 and table 3; nothing where there is only one of a kind. */
export function unitWords(city: City, language: Language, { facility, units, places }: Booking): string | undefined {
  const unit = city.bookings.get(facility)?.unit?.[language]
  if (unit === undefined) return undefined
  return units.length > 0
    ? units.map((number) => `${unit} ${String(number)}`).join(', ')
    : `${String(places)} × ${unit}`
}
