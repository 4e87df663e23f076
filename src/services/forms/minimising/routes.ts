import type { City, DutyId, Power } from '../../../city/index.ts'
import { html } from '../../../plumbing/index.ts'
import { enterStaff, type Desk } from '../../../trust/need-to-know/index.ts'
import { notHere, today, type CasePanel, type House } from '../../correspondence/index.ts'
import type { Forms } from '../define.ts'
import { say } from '../exchange/answers/messages.ts'
import { formAsked, mayExport } from '../exchange/answers/routes.ts'
import { formsUsePage, usePage } from './page.ts'
import { usesOf } from './uses.ts'

/** `/desk/forms/{id}/use`: which answers were used in the last year, and which question nobody needed. */
export function useRoutes(desk: Desk, house: House & Readonly<{ forms: Forms }>): void {
  desk.get('/desk/forms/use', (visit) => {
    const viewer = { city: house.city, staff: visit.staff, mayExport: mayExport(house, visit) }
    return visit.reply.page(formsUsePage(viewer, [...house.forms.values()]))
  })
  desk.get('/desk/forms/:id/use', async (visit) => {
    const form = formAsked(house, visit)
    const use =
      form &&
      (await house.db.transaction(async (tx) =>
        (await enterStaff(tx, visit.actor)) ? usesOf(tx, form, today(house)) : undefined,
      ))
    if (!form || !use) return notHere(house, visit)
    return visit.reply.page(
      usePage({ city: house.city, staff: visit.staff, mayExport: mayExport(house, visit) }, form, use),
    )
  })
}

/** The way there, beside every list of cases, for whoever makes forms or exports their answers. */
export function formsUsePanel(city: City): CasePanel {
  const concerns = (id: DutyId) => city.duties.get(id)?.may.some((power) => formPowers.has(power)) === true
  return {
    inRail: (_tx, { staff }) =>
      Promise.resolve(
        staff.duties.some(concerns) ? html`<li><a href="/desk/forms/use">${say('en', 'rail')}</a></li>` : undefined,
      ),
  }
}

const formPowers: ReadonlySet<Power> = new Set(['build-forms', 'approve-forms', 'export-answers'])
