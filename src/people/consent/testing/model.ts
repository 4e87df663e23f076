/** What should be true of one child's consents, in plain words: no database, no keys, no SQL. */
export type Who = 'rosa' | 'omar'
export type PurposeId = 'a-part' | 'b-health' | 'c-photos'
export type Live = 'given' | 'in-force' | 'frozen' | 'passed'
export type State = Live | 'declined' | 'revoked' | 'expired'

export const purposes: Readonly<Record<PurposeId, Readonly<{ strength: number; record: boolean; needed: boolean }>>> = {
  'a-part': { strength: 2, record: true, needed: true },
  'b-health': { strength: 3, record: false, needed: false },
  'c-photos': { strength: 1, record: false, needed: false },
}
export const purposeIds = Object.keys(purposes) as PurposeId[]
export const days = { lasts: 200, verify: 30, proof: 365, conflict: 90, ofAge: 60 }

export type Consent = {
  purpose: PurposeId
  state: State
  by: Who
  shown: boolean
  until: number
  verifyBy: number
  held: boolean
  endedBy?: Who
  endedOn?: number
}

const other = (who: Who): Who => (who === 'rosa' ? 'omar' : 'rosa')
export const isLive = (one: Consent): boolean => ['given', 'in-force', 'frozen', 'passed'].includes(one.state)

export class Model {
  today = 0
  ofAge = false
  consents: Consent[] = []
  private proofs: { by: Who; strength: number; until: number }[] = []

  live(purpose: PurposeId): Consent | undefined {
    return this.consents.find((one) => one.purpose === purpose && isLive(one))
  }

  private best(by: Who): number {
    return Math.max(
      0,
      ...this.proofs.filter((one) => one.by === by && one.until >= this.today).map((one) => one.strength),
    )
  }

  answer(by: Who, yes: readonly PurposeId[]): 'done' | 'declined' | 'take-back' | 'over' | 'not-there' {
    if (this.ofAge) return 'not-there'
    const no = purposeIds.filter((one) => !yes.includes(one))
    if (no.some((one) => purposes[one].needed)) return 'declined'
    if (no.some((one) => this.live(one))) return 'take-back'
    if (yes.some((one) => this.live(one)?.state === 'frozen')) return 'over'
    for (const purpose of yes) {
      const { strength } = purposes[purpose]
      if (strength === 1 && this.best(by) === 0) this.proofs.push({ by, strength: 1, until: this.today + days.proof })
      const shown = this.best(by) >= strength
      const state: Live = shown ? 'in-force' : 'given'
      const terms = { by, shown, until: this.today + days.lasts, verifyBy: this.today + days.verify }
      const old = this.live(purpose)
      if (old) Object.assign(old, terms, { state })
      else this.consents.push({ purpose, ...terms, held: false, state: this.disputed(by, purpose) ? 'frozen' : state })
    }
    for (const purpose of no)
      this.consents.push({ purpose, state: 'declined', by, shown: false, until: 0, verifyBy: 0, held: false })
    return 'done'
  }

  /** The other guardian took the same back a short while ago. */
  private disputed(by: Who, purpose: PurposeId): boolean {
    return this.consents.some(
      (one) =>
        one.purpose === purpose &&
        one.state === 'revoked' &&
        one.endedBy === other(by) &&
        (one.endedOn ?? 0) > this.today - days.conflict,
    )
  }

  waiting(by: Who): readonly Consent[] {
    return this.consents.filter(
      (one) => one.by === by && !one.shown && (one.state === 'given' || one.state === 'frozen'),
    )
  }

  verify(by: Who, strength: number): 'done' | 'too-weak' {
    const content = this.waiting(by).filter(({ purpose }) => purposes[purpose].strength <= strength)
    if (content.length === 0) return 'too-weak'
    this.proofs.push({ by, strength, until: this.today + days.proof })
    for (const one of content) {
      one.shown = true
      if (one.state === 'given') one.state = 'in-force'
    }
    return 'done'
  }

  mayRead(who: Who | 'staff' | 'stranger', one: Consent): boolean {
    if (one.state !== 'in-force' && one.state !== 'passed') return false
    return who === 'staff' || (who !== 'stranger' && !this.ofAge)
  }

  object(by: Who, one: Consent): boolean {
    if (this.ofAge || one.by === by || (one.state !== 'given' && one.state !== 'in-force')) return false
    one.state = 'frozen'
    return true
  }

  unfreeze(one: Consent): boolean {
    if (one.state !== 'frozen') return false
    one.state = one.shown ? 'in-force' : 'given'
    return true
  }

  revoke(by: Who, chosen: readonly Consent[]): boolean {
    if (this.ofAge || chosen.length === 0 || !chosen.every(isLive)) return false
    for (const one of chosen) Object.assign(one, { state: 'revoked', endedBy: by, endedOn: this.today })
    return true
  }

  pass(daysOn: number): void {
    this.today += daysOn
    for (const one of this.consents.filter(isLive)) {
      const unshown = !one.shown && (one.state === 'given' || one.state === 'frozen') && one.verifyBy < this.today
      if (unshown || one.until < this.today) one.state = 'expired'
    }
  }

  comeOfAge(): void {
    this.ofAge = true
    for (const one of this.consents.filter(isLive)) {
      if (!one.shown) one.state = 'expired'
      else Object.assign(one, { state: 'passed', until: Math.min(one.until, this.today + days.ofAge) })
    }
  }

  /** In use while it lives; then in custody where it became a record, and else nowhere. */
  key(one: Consent): 'in-use' | 'withdrawn' | 'destroyed' | 'none' {
    if (one.state === 'declined') return 'none'
    if (isLive(one)) return 'in-use'
    return purposes[one.purpose].record && one.held ? 'withdrawn' : 'destroyed'
  }
}
