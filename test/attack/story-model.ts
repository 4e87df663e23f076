import { isLive, Model, type Consent, type PurposeId, type Who } from '../../src/people/consent/testing/model.ts'

/** Somebody's part in the session: the child, or an adult by her number. In the order in which they came. */
export type Part = {
  who: 'child' | number
  state: 'enrolled' | 'waiting' | 'offered' | 'cancelled-by-person' | 'lapsed' | 'completed'
  until?: number
}

export const round = { places: 2, offer: 2, meets: 20, closes: 100, ends: 120 }

const isOpen = ({ state }: Part): boolean => state === 'enrolled' || state === 'waiting' || state === 'offered'

/** What should be true of a child, her consents and one session with few places, in plain words. */
export class StoryModel extends Model {
  parts: Part[] = []

  get child(): Part | undefined {
    return this.parts.find((one) => one.who === 'child' && isOpen(one))
  }

  number(part: Part): number {
    return this.parts.filter(({ state }) => state === 'waiting').indexOf(part) + 1
  }

  private take(who: Part['who']): Part['state'] {
    const taken = this.parts.filter(({ state }) => state === 'enrolled' || state === 'offered').length
    const waits = this.parts.some(({ state }) => state === 'waiting')
    const state = taken < round.places && !waits ? 'enrolled' : 'waiting'
    this.parts.push({ who, state })
    return state
  }

  join(adult: number): Part['state'] | 'closed' {
    return this.today >= round.closes ? 'closed' : this.take(adult)
  }

  /** A guardian signs the child up; what she may answer is held from then on. */
  enrol(): Part['state'] | 'not-there' | 'closed' | 'consent' | 'again' {
    if (this.ofAge) return 'not-there'
    if (this.today >= round.closes) return 'closed'
    if (this.live('a-part')?.state !== 'in-force') return 'consent'
    if (this.child) return 'again'
    for (const one of this.consents) if (one.state === 'in-force') one.held = true
    return this.take('child')
  }

  accept(part: Part): 'enrolled' | 'again' | 'too-late' | 'ended' | 'consent' | 'not-there' {
    if (part.who === 'child' && this.ofAge) return 'not-there'
    if (part.state === 'enrolled') return 'again'
    if (part.state === 'lapsed') return 'too-late'
    if (!isOpen(part)) return 'ended'
    if (part.state !== 'offered' || (part.until ?? 0) <= this.today) return 'too-late'
    if (part.who === 'child' && this.live('a-part')?.state !== 'in-force') return 'consent'
    part.state = 'enrolled'
    return 'enrolled'
  }

  cancel(part: Part): 'done' | 'too-late' | 'ended' | 'not-there' {
    if (part.who === 'child' && this.ofAge) return 'not-there'
    if (part.state === 'cancelled-by-person') return 'done'
    if (!isOpen(part)) return 'ended'
    if (this.today >= round.ends) return 'too-late'
    part.state = 'cancelled-by-person'
    this.fill()
    return 'done'
  }

  private fill(): void {
    while (this.today < round.closes) {
      const taken = this.parts.filter(({ state }) => state === 'enrolled' || state === 'offered').length
      const next = this.parts.find(({ state }) => state === 'waiting')
      if (taken >= round.places || !next) return
      Object.assign(next, { state: 'offered', until: Math.min(this.today + round.offer, round.closes) })
    }
  }

  /** What taking part needs ended: so does taking part, and the place goes to whoever is next. */
  private follow(act: () => void): void {
    const needed = this.live('a-part')
    act()
    const part = this.child
    if (!needed || isLive(needed) || !part) return
    part.state = 'cancelled-by-person'
    this.fill()
  }

  /** Whether the leader reads what was answered: on a day of the session, of a child with a place, under a consent in force. */
  leaderReads(): boolean {
    const needed = this.live('a-part')
    const inForce = needed?.state === 'in-force' || needed?.state === 'passed'
    return this.today <= round.meets && this.child?.state === 'enrolled' && inForce && needed.held
  }

  override mayRead(who: Who | 'staff' | 'stranger', one: Consent): boolean {
    return (who !== 'staff' || one.purpose !== 'a-part') && super.mayRead(who, one)
  }

  override answer(by: Who, yes: readonly PurposeId[]) {
    let outcome: ReturnType<Model['answer']> = 'done'
    this.follow(() => {
      outcome = super.answer(by, yes)
    })
    return outcome
  }

  override revoke(by: Who, chosen: readonly Consent[]): boolean {
    let done = false
    this.follow(() => {
      done = super.revoke(by, chosen)
    })
    return done
  }

  override comeOfAge(): void {
    this.follow(() => {
      super.comeOfAge()
    })
  }

  override pass(daysOn: number): void {
    this.follow(() => {
      super.pass(daysOn)
    })
    for (const one of this.parts) {
      if (one.state === 'offered' && (one.until ?? 0) <= this.today) one.state = 'lapsed'
      if (one.state === 'waiting' && this.today >= round.closes) one.state = 'lapsed'
      if (one.state === 'enrolled' && this.today > round.ends) one.state = 'completed'
    }
    this.fill()
  }
}
