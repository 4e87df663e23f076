import type { AgencyId, BasisId, City } from '../../city/index.ts'
import { html, sql, type Html, type Language, type Tx } from '../../plumbing/index.ts'
import type { CasePanel, SeenOnDesk } from '../correspondence/index.ts'
import { say as sayOnDesk } from './desk-messages.ts'
import { say } from './messages.ts'

type Row = {
  agency: AgencyId
  basis: BasisId
  fields: string[]
  state: 'waiting' | 'sent' | 'kept' | 'failed'
  answered_at: unknown
}

/** Where parts of a letter went: for the clerk, who may send on, and for the person it is about. */
export function referralPanel(city: City): CasePanel {
  return {
    onDesk: async (tx, seen) => onDesk(city, seen, await rowsIn(tx)),
    onReceipt: async (tx, { language }) => {
      const rows = await rowsIn(tx)
      return rows.length === 0
        ? undefined
        : html`<section>
            <h2>${say(language, 'panelTitle')}</h2>
            ${listOf(city, language, rows)}
          </section>`
    },
  }
}

const rowsIn = (tx: Tx) => tx.rows<Row>(sql`select agency, basis, fields, state, answered_at from referral.in_hand()`)

const states = { waiting: 'panelWaiting', sent: 'panelSent', kept: 'panelKept', failed: 'panelFailed' } as const

function listOf(city: City, language: Language, rows: readonly Row[]): Html {
  return html`<ul>
    ${rows.map(({ agency, basis, state, answered_at: answered }) => {
      const name = city.agencies.get(agency)?.name[language] ?? agency
      const legal = city.legalBases.get(basis)
      const stands = say(language, answered === null ? states[state] : 'panelAnswered')
      return html`<li>
        ${say(language, 'panelLine', { agency: name, state: stands })}.
        ${legal && say(language, 'panelBasis', { basis: legal.text[language], source: legal.source })}
      </li> `
    })}
  </ul>`
}

function onDesk(city: City, { line, staff, query }: SeenOnDesk, rows: readonly Row[]): Html | undefined {
  const may = staff.duties
    .map((id) => city.duties.get(id))
    .some((duty) => duty?.topics.includes(line.topic) && duty.may.includes('refer'))
  const start = may && line.state !== 'closed'
  if (!start && rows.length === 0) return undefined
  return html`<section class="record" aria-labelledby="referrals">
    <h2 id="referrals">${sayOnDesk('en', 'referrals')}</h2>
    ${rows.length > 0 && listOf(city, 'en', rows)}
    ${start && html`<p><a class="onward" href="/desk/cases/${line.id}/referrals/new${query}">${sayOnDesk('en', 'start')}</a></p>`}
  </section>`
}
