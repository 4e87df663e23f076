import type { Temporal } from 'temporal-polyfill'
import type { City, TillId } from '../../../city/index.ts'
import { dateWords, deskPage, empty, moment } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { rulesOf } from '../house.ts'
import { sayMoney } from '../money.ts'
import { inGroups } from '../reference.ts'
import { totalsOf, type Taking } from '../takings.ts'
import { choice } from './ask.ts'
import { tillsOf } from './charge-forms.ts'
import { say } from './messages.ts'

/** What stands for the payment company in the choice of tills: it is none of the city's. */
export const companyTill = 'company'

export type TakingsView = Readonly<{
  city: City
  staff: Staff
  today: Temporal.PlainDate
  day: Temporal.PlainDate
  till?: TillId
  rows: readonly Taking[]
}>

/** What should be in the drawer of a till on a day, and everything that went through it. */
export function takingsPage(view: TakingsView): Html {
  const { city, staff, day, till, rows } = view
  const title = say('en', 'takingsTitle')
  const of = till ? rulesOf(city).tills.get(till)?.en : say('en', 'company')
  const main = html`<div class="takings"><h1>${title}</h1>
    ${question(view)}
    <h2 id="rows">${of}, ${dateWords('en', day)}</h2>
    ${rows.length === 0 ? empty(say('en', 'takingsNone'), html`<p>${say('en', 'takingsNoneSays')}</p>`, 3) : listed(view)}</div>`
  return deskPage({ city, staff, here: 'payments', title, main })
}

function question({ city, today, day, till }: TakingsView): Html {
  const given = { id: 'day', name: 'day', type: 'date', value: day.toString(), max: today.toString() }
  return html`<form class="intake" method="get" action="/desk/payments/takings">
    <div class="pair">
      <div class="ask">
        <label for="day">${say('en', 'day')}</label>
        <input ${attributes(given)} />
      </div>
      ${choice({ id: 'till', name: 'till', label: say('en', 'till'), value: till ?? companyTill }, [
        ...tillsOf(city),
        { value: companyTill, label: say('en', 'company') },
      ])}
    </div>
    <div class="send"><button class="button outline" type="submit">${say('en', 'showDo')}</button></div>
  </form>`
}

function listed({ city, day, till, rows }: TakingsView): Html {
  const columns = ['time', 'find', 'what', 'way', 'amount'] as const
  return html`<ul>
      ${totalsOf(rows).map(
        ({ way, taken, back, count }) =>
          html`<li>
            <strong
              >${say('en', 'total', { way: say('en', `way-${way}`), taken: sayMoney('en', taken), back: sayMoney('en', back), count })}</strong
            >
          </li> `,
      )}
    </ul>
    <div class="wide-only" tabindex="0" role="region" aria-labelledby="rows">
      <table class="table numbers">
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col" class="${column === 'amount' && 'number'}">${say('en', column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ at, reference, what, way, amount }) =>
              html`<tr>
                <td class="nowrap">${moment('en', at, city.timeZone)}</td>
                <td class="nowrap">
                  <a href="/desk/payments/${reference}" data-line>${inGroups(reference)}</a>
                </td>
                <td>${say('en', `what-${what}`)}</td>
                <td>${say('en', `way-${way}`)}</td>
                <td class="number nowrap">${what === 'refund' && '−'}${sayMoney('en', amount)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    <form method="post" action="/desk/payments/takings">
      <input type="hidden" name="day" value="${day.toString()}" /><input type="hidden" name="till" value="${till ?? companyTill}" />
      <p>
        <button class="button outline" type="submit">${say('en', 'csvDo')}</button>
        <span class="soft small">${say('en', 'csvLead')}</span>
      </p>
    </form>`
}
