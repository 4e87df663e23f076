import type { AgencyId, BasisId, City } from '../../city/index.ts'
import { html, sql, type Html, type Language, type Tx } from '../../plumbing/index.ts'
import type { Temporal } from 'temporal-polyfill'
import type { CasePanel, SeenOnDesk } from '../correspondence/index.ts'
import { referralsAtTop, referralsOnDesk } from './desk-panel.ts'
import { say } from './messages.ts'

/** One sending of parts of the case in hand, without what was in it. */
export type ReferralLine = Readonly<{
  id: string
  agency: AgencyId
  basis: BasisId
  way: 'email' | 'open311'
  fields: readonly string[]
  /** `failed`: it was not taken. `bounced`: it was, and came back. */
  state: 'waiting' | 'sent' | 'kept' | 'failed' | 'bounced'
  made_at: Temporal.Instant
  settled_at: Temporal.Instant | null
  failure: string | null
  their_number: string | null
  their_status: 'open' | 'closed' | null
  answered_at: Temporal.Instant | null
}>

const linesIn = (tx: Tx) =>
  tx.rows<ReferralLine>(sql`select id, agency, basis, way, fields, state, made_at, settled_at, failure, their_number,
    their_status, answered_at from referral.in_hand()`)

const linesOnDesk = async (tx: Tx, { beside }: SeenOnDesk) => (beside.has('referral') ? linesIn(tx) : [])

/** Where parts of a letter went: for the clerk, who may send on, and for the person it is about. */
export function referralPanel(city: City): CasePanel {
  return {
    atTop: async (tx, seen) => referralsAtTop(city, seen, await linesOnDesk(tx, seen)),
    onDesk: async (tx, seen) => referralsOnDesk(city, seen, await linesOnDesk(tx, seen)),
    onReceipt: async (tx, { language }) => {
      const lines = await linesIn(tx)
      return lines.length === 0
        ? undefined
        : html`<section>
            <h2>${say(language, 'panelTitle')}</h2>
            <ul>
              ${lines.map((line) => html`<li>${lineOf(city, language, line)}</li> `)}
            </ul>
          </section>`
    },
  }
}

function lineOf(city: City, language: Language, line: ReferralLine): Html {
  const name = city.agencies.get(line.agency)?.name[language] ?? line.agency
  const legal = city.legalBases.get(line.basis)
  return html`${say(language, 'panelLine', { agency: name, state: standing(language, line) })}.
  ${legal && say(language, 'panelBasis', { basis: legal.text[language], source: legal.source })}`
}

const states = {
  waiting: 'panelWaiting',
  sent: 'panelSent',
  kept: 'panelKept',
  failed: 'panelFailed',
  bounced: 'panelFailed',
} as const

function standing(language: Language, { answered_at: answered, their_status: status, state }: ReferralLine): string {
  if (answered === null) return say(language, states[state])
  if (status === null) return say(language, 'panelAnswered')
  return say(language, status === 'closed' ? 'statusClosed' : 'statusOpen')
}
