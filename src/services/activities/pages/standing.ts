import type { City } from '../../../city/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import type { EndReason, EnrolmentInHand, LapseReason } from '../in-hand.ts'
import { say } from '../messages.ts'
import { momentOf } from '../when.ts'
import { becauseWords } from './words.ts'

/** How an enrolment stands, in a sentence to the person. */
export function standingWords(
  { timeZone }: City,
  language: Language,
  { standing, before, reference }: Pick<EnrolmentInHand, 'standing' | 'before' | 'reference'>,
): string {
  // prettier-ignore
  switch (standing.state) {
    case 'lottery':
      return say(language, 'standsLottery')
    case 'waiting':
      return say(language, 'standsWaiting', { number: standing.number })
    case 'offered':
      return say(language, 'standsOffered', { until: momentOf(language, timeZone, standing.until) })
    case 'held':
      return say(language, before !== 'said' ? 'standsHeld' : reference === undefined ? 'standsHeldShow' : 'standsHeldBoth', { until: momentOf(language, timeZone, standing.until) })
    case 'enrolled':
      return say(language, 'standsEnrolled')
    case 'completed':
      return say(language, 'standsCompleted')
    case 'cancelled-by-person':
      return say(language, standing.because === 'consent' ? 'standsConsentEnded' : 'standsCancelledByPerson')
    case 'cancelled-by-city':
      return say(language, 'standsCancelledByCity', { because: endWords(language, standing.because) })
    case 'lapsed':
      return lapsedWords(language, standing.because)
    default:
      return standing satisfies never
  }
}

const endWords = (language: Language, because: EndReason): string =>
  because === 'rules' || because === 'asked' || because === 'not-shown'
    ? say(language, `because_${because}`)
    : becauseWords(language, because)

function lapsedWords(language: Language, because: LapseReason): string {
  const words = {
    'not-paid': 'lapsed_not_paid',
    'offer-over': 'lapsed_offer_over',
    declined: 'lapsed_declined',
    'no-place': 'lapsed_no_place',
  } as const
  return say(language, words[because])
}

/** What of the price went back; nothing to say where there is none. */
export function backWords({ activities }: City, language: Language, { standing, session }: EnrolmentInHand) {
  const programme = activities.programmes.get(activities.sessions.get(session)?.programme ?? ('' as never))
  return 'refund' in standing && programme?.price ? say(language, `back_${standing.refund}`) : undefined
}
