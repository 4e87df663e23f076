import type { City } from '../../city/index.ts'
import type { ConsequenceWords } from '../../people/consent/index.ts'
import { say } from './messages.ts'

/** In a guardian's words, what the end of a consent does to what was to be sent on (`consent.follow_referrals`). */
export function referralConsequenceWords({ agencies }: Pick<City, 'agencies'>): ConsequenceWords {
  return ({ code, detail }, language) => {
    if (code !== 'referral-dropped') return undefined
    const id = (detail ?? '').replace(/^agency=/, '')
    const agency = [...agencies.values()].find((one) => one.id === id)?.name[language] ?? id
    return say(language, 'droppedFor', { agency })
  }
}
