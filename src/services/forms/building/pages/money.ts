import type { City } from '../../../../city/index.ts'
import { deskPage, type DeskModule } from '../../../../city/look/index.ts'
import { html, type Html } from '../../../../plumbing/index.ts'
import type { Staff } from '../../../../trust/need-to-know/index.ts'
import { rowsOf } from '../condition-rows.ts'
import type { DraftFile } from '../draft.ts'
import { say } from '../messages.ts'
import { conditionFields } from './condition-fields.ts'
import { both, choose, errorAt, line } from './inputs.ts'
import { saidAbove } from './said.ts'
import { termFields } from './term-fields.ts'
import { under, type Told } from './told.ts'

type MoneyView = Readonly<{
  city: City
  staff: Staff
  draft: DraftFile
  seen: string
  told: Told
  modules: readonly DeskModule[]
  done?: string
  wrong?: string
}>

/** What a form costs: lines that follow from answers, and for whom a part of it is not asked. */
export function moneyPage(view: MoneyView): Html {
  const { city, staff, draft, told, modules } = view
  const names = Object.keys(draft.fields)
  const main = html`<article class="builder">
    <p><a class="onward" href="/desk/forms/${draft.id}" data-key="u">${say('en', 'backToForm')}</a></p>
    <h1>${say('en', 'moneyTitle', { title: draft.title.en || draft.id })}</h1>
    ${saidAbove(view)}
    <p class="soft">${say('en', 'moneyLead')}</p>
    <form method="post" action="/desk/forms/${draft.id}/edits" class="write question" data-save>
      <input type="hidden" name="edit" value="charge" /><input type="hidden" name="seen" value="${view.seen}" />
      <h2>${say('en', 'fees')}</h2>
      ${[...(draft.fees ?? []), undefined].map(
        (fee, row) =>
          html`<fieldset>
            <legend>${say('en', 'feeNumber', { number: row + 1 })}</legend>
            ${errorAt(`fee-${String(row)}`, under(told, `fees/${String(row)}`))}
            ${both(`fee.${String(row)}`, say('en', 'feeLabel'), fee?.label)}
            ${termFields(`fee.${String(row)}`, draft, names, fee, { each: fee ? (fee.each / 100).toFixed(2) : '', inMoney: true })}
          </fieldset>`,
      )}
      <h2>${say('en', 'waivers')}</h2>
      ${[...(draft.waivers ?? []), undefined].map(
        (waiver, row) =>
          html`<fieldset>
            <legend>${say('en', 'waiverNumber', { number: row + 1 })}</legend>
            ${errorAt(`waiver-${String(row)}`, under(told, `waivers/${String(row)}`))}
            ${both(`waiver.${String(row)}`, say('en', 'feeLabel'), waiver?.label)}
            <div class="both">
              ${line({ name: `waiver.${String(row)}.percent`, label: say('en', 'percent'), value: waiver?.percent, more: { inputmode: 'numeric' } })}
              ${choose({ name: `waiver.${String(row)}.reason`, label: say('en', 'waiverReason'), value: waiver?.reason }, reasonsOf(city))}
            </div>
            <p class="small"><b>${say('en', 'onlyWhen')}</b></p>
            ${conditionFields(`waiver.${String(row)}.when`, draft, names, rowsOf(waiver?.when))}
          </fieldset>`,
      )}
      <button class="button" type="submit">${say('en', 'keep')}</button>
    </form>
  </article>`
  return deskPage({
    city,
    staff,
    here: 'forms',
    title: say('en', 'money'),
    wrong: view.wrong !== undefined,
    main,
    modules,
  })
}

const reasonsOf = ({ payments }: City) =>
  [...(payments?.waivers ?? [])].map(([value, words]) => ({ value, label: words.en }))
