import type { ConsentId } from '../../../people/consent/index.ts'
import { readHeld, type Held } from '../../../people/consent/index.ts'
import { deskPage } from '../../../city/look/index.ts'
import { attributes, html, sql, type Html, type Tx } from '../../../plumbing/index.ts'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { notHere, type CasePanel, type House } from '../../correspondence/index.ts'
import type { CaseId, City, DutyId, FormId } from '../../../city/index.ts'
import type { Forms } from '../define.ts'
import { say } from './messages.ts'

type MinorsConsent = { consent: ConsentId; purpose: string; thing: string; in_force: boolean }

const consentsInHand = (tx: Tx): Promise<readonly MinorsConsent[]> =>
  tx.rows<MinorsConsent>(sql`select consent, purpose, thing, in_force from forms.minors_consents()`)

/** On a case that a minor sent: that her answers are kept apart, and the way to them, which is a look of its own. */
export function minorsPanel(city: City): CasePanel {
  return {
    onDesk: async (tx, { line, duty, key, beside }) => {
      const consents = beside.has('minors') ? await consentsInHand(tx) : []
      if (consents.length === 0) return undefined
      const open = consents.some(({ in_force: is }) => is)
      return html`<section class="readings" aria-labelledby="minor">
        <h2 id="minor">${say('en', 'panelTitle')}</h2>
        <p class="soft small">${say('en', open ? 'panelLead' : 'panelNone')}</p>
        ${open && key && lookForm(city, line.id, duty)}
      </section>`
    },
  }
}

function lookForm(city: City, id: CaseId, duty: DutyId): Html {
  const reasons = [...(city.duties.get(duty)?.reasons ?? [])]
  return html`<form method="post" action="/desk/cases/${id}/minors-answers" class="row">
    <label for="minor-reason">${say('en', 'panelReason')}</label>
    <select id="minor-reason" name="reason">
      ${reasons.map(({ id: value, text }) => html`<option ${attributes({ value })}>${text.en}</option>`)}
    </select>
    <button class="button" type="submit">${say('en', 'panelOpen')}</button>
  </form>`
}

/** What a minor answered, shown once, after the look was written down. */
export function minorsDeskRoutes(desk: Desk, house: House & Readonly<{ forms: Forms }>): void {
  desk.post('/desk/cases/:id/minors-answers', async (visit) => {
    const id = (visit.request.params as { id: string }).id as CaseId
    const consents = await house.db.transaction(async (tx) =>
      (await enterStaff(tx, visit.actor, id)) ? consentsInHand(tx) : [],
    )
    const live = consents.filter(({ in_force: is }) => is)
    const [first] = live
    if (!first) return notHere(house, visit)
    const form = first.thing.replace(/^form:/, '')
    const why = { purpose: form, reason: visit.posted['reason'] ?? '' }
    const held = await readHeld(house, visit.actor, live.map(({ consent }) => consent), why) // prettier-ignore
    if (held.length === 0) return notHere(house, visit)
    return visit.reply.page(answersPage(house, visit, id, form as FormId, live, held))
  })
}

function answersPage(
  house: House & Readonly<{ forms: Forms }>,
  { staff }: Visit,
  id: CaseId,
  form: FormId,
  consents: readonly MinorsConsent[],
  held: readonly Held[],
): Html {
  const definition = house.forms.get(form) ?? house.forms.closed?.(form)
  const labels = new Map((definition?.fields ?? []).map(({ name, label }) => [name, label.en]))
  const title = say('en', 'panelTitle')
  const main = html`<p><a href="/desk/cases/${id}">${say('en', 'panelBack')}</a></p>
    <h1>${title}</h1>
    ${consents.map(({ consent, purpose }) => {
      const its = held.filter((one) => one.consent === consent)
      return (
        its.length > 0 &&
        html`<h2>${purposeTitle(purpose)}</h2>
          <dl>
            ${its.map(({ field, text }) => html`<dt>${labels.get(field) ?? field}</dt> <dd>${text}</dd> `)}
          </dl>`
      )
    })}`
  return deskPage({ city: house.city, staff, here: 'inbox', title, main })
}

const titles = new Set([
  'answer', 'do-the-work', 'find-records', 'take-part', 'check-eligibility', 'keep-safe', 'take-payment', 'plan-services',
] as const) // prettier-ignore

function purposeTitle(purpose: string): string {
  const known = [...titles].find((one) => one === purpose)
  return known ? say('en', `purpose-${known}`) : purpose
}
