import type { FastifyReply } from 'fastify'
import type { City, Power, WaiverReasonId } from '../../../city/index.ts'
import { html, type Html, type Tx } from '../../../plumbing/index.ts'
import { caseAsked, type Desk, type Staff, type Visit } from '../../../trust/need-to-know/index.ts'
import { backToCase, newId, notHere, showCase, type House, type SeenOnDesk } from '../../correspondence/index.ts'
import type { Charge } from '../charge.ts'
import { refundWords, standsWords } from '../charge-words.ts'
import { cancelCharge, mayAtCashOffice, waive, type CashOutcome, type OfCharge } from '../on-charge.ts'
import { chargesInHand } from '../pages/receipt-panel.ts'
import { inGroups } from '../reference.ts'
import { waiveForms, type FormsView } from './charge-forms.ts'
import { bill } from './charge-page.ts'
import { say } from './messages.ts'
import { ofCharge, readAmount, typedOf } from './read-posted.ts'

/** Beside a case on a clerk's desk: what is charged for it, how that stands, and what her duty lets her do about it. */
export async function deskPanel(tx: Tx, city: City, seen: SeenOnDesk): Promise<Html | undefined> {
  if (!seen.beside.has('payments')) return undefined
  const charges = await chargesInHand(tx)
  if (charges.length === 0) return undefined
  return html`<section class="record" aria-labelledby="charges">
    <h2 id="charges">${say('en', 'panelTitle')}</h2>
    ${charges.map((charge) => chargePart(city, seen, charge))}
  </section>`
}

function chargePart(city: City, { line, staff, query }: SeenOnDesk, charge: Charge): Html {
  const at = `/desk/cases/${line.id}`
  const view: FormsView = { city, charge, at, query, id: newId(), typed: {}, autofocus: false }
  const reference = inGroups(charge.reference)
  return html`<p><strong>${standsWords(city, 'en', charge)}</strong> ${say('en', 'panelReference', { reference })}</p>
    ${bill(city, charge)} ${charge.refunds.map((one) => html`<p>${refundWords(city, 'en', one)}</p>`)}
    ${
      charge.state === 'due' &&
      mayAtCashOffice(city, staff, 'collect') &&
      html`<p><a class="onward" href="/desk/payments/${charge.reference}">${say('en', 'panelCollect')}</a></p>`
    }
    ${
      charge.state === 'due' &&
      mayOnCase(city, staff, line.topic, 'waive') &&
      html`<div class="money-acts">${waiveForms(view, charge.owed)}</div>`
    }`
}

function mayOnCase(city: City, { duties }: Staff, topic: string, power: Power): boolean {
  return duties.some((id) => {
    const duty = city.duties.get(id)
    return duty?.may.includes(power) === true && duty.topics.some((one) => one === topic)
  })
}

/** Waiving and taking back from the case itself, by a duty that covers its topic. */
export function caseChargeRoutes(desk: Desk, house: House): void {
  if (!house.city.payments) return
  const act = (
    noun: string,
    done: 'waived' | 'charge-cancelled',
    ask: (
      visit: Visit,
      of: OfCharge,
    ) => Promise<CashOutcome> | { wrong: 'not-an-amount' | 'too-much' | 'no-such-reason' },
  ) => {
    desk.post(`/desk/cases/:id/${noun}`, async (visit): Promise<FastifyReply> => {
      const [caseId, of] = [caseAsked(visit), ofCharge(visit.posted)]
      if (!caseId || !of) return notHere(house, visit)
      const wrong = (says: string, status: number) => showCase(house, visit, { wrong: { says } }, status)
      if (typedOf(visit.posted) === 'card') return wrong(say('en', 'wrong-card'), 422)
      const outcome = await ask(visit, { ...of, caseId })
      if ('wrong' in outcome) return wrong(say('en', `refused-${outcome.wrong}`), 422)
      if ('refused' in outcome) return wrong(say('en', `refused-${outcome.refused}`), 409)
      return backToCase(house, visit, caseId, done)
    })
  }
  act('waivers', 'waived', ({ actor, posted }, of) => {
    const given = readAmount<WaiverReasonId>(posted)
    return 'wrong' in given ? given : waive(house, actor, of, given)
  })
  act('cancellations', 'charge-cancelled', ({ actor }, of) => cancelCharge(house, actor, of))
}
