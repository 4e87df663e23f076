import type { City } from '../../../city/index.ts'
import { dateWords, deskPage, empty, moment, notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import type { UnderCustody } from '../custody/custody.ts'
import { say } from './custody-messages.ts'

export type CustodyView = Readonly<{
  city: City
  staff: Staff
  rows: readonly UnderCustody[]
  done?: 'done' | 'held'
}>

/** `/desk/custody`: until when each record is kept, and what a hold keeps longer. */
export function custodyPage({ city, staff, rows, done }: CustodyView): Html {
  const title = say('en', 'title')
  const main = html`<article class="consents">
    <h1>${title}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${done && html`<div role="status">${notice(done === 'done' ? 'done' : 'wrong', html`<p>${say('en', `done-${done}`)}</p>`)}</div>`}
    ${
      rows.length === 0
        ? empty(say('en', 'none'), html`<p>${say('en', 'noneSays')}</p>`)
        : html`<p class="soft">${say('en', 'openHint')}</p>
            ${rowsOf(city, staff, rows)}`
    }
  </article>`
  return deskPage({ city, staff, here: 'custody', title, main })
}

function rowsOf(city: City, staff: Staff, rows: readonly UnderCustody[]): Html {
  return html`<ul class="rows">
    ${rows.map((row) => {
      const { number, since, until, destroyedAt } = row
      return html`<li>
        <strong>${row.title.en}: ${row.purpose.en}</strong>
        <span class="soft"
          >${say('en', 'facts', { number: String(number), since: dateWords('en', since) })} ·
          ${until ? say('en', 'until', { date: dateWords('en', until) }) : say('en', 'never')} ·
          ${standsWords(city, staff, row)}</span
        >
        ${destroyedAt === null && actsForm(city, staff, row)}
      </li> `
    })}
  </ul>`
}

function standsWords(city: City, staff: Staff, { destroyedAt, heldBecause, heldSince }: UnderCustody): Html | string {
  if (destroyedAt) return say.rich('en', 'destroyed', { date: moment('en', destroyedAt, city.timeZone) })
  if (heldBecause === null || heldSince === null) return say('en', 'free')
  const reason = custodyReasons(city, staff).find(({ id }) => id === heldBecause)?.text.en ?? heldBecause
  return say.rich('en', 'held', { date: moment('en', heldSince, city.timeZone), reason })
}

export function custodyReasons(city: City, { duties }: Pick<Staff, 'duties'>) {
  const known = [...duties].sort().flatMap((id) => city.duties.get(id) ?? [])
  return known.find(({ may }) => may.includes('custody'))?.reasons ?? []
}

function actsForm(city: City, staff: Staff, { consent, heldBecause }: UnderCustody): Html {
  const at = `/desk/custody/${consent}`
  return html`<form class="line-form" method="post">
    <label for="why-${consent}">${say('en', 'reason')}</label>
    <select id="why-${consent}" name="reason">
      ${custodyReasons(city, staff).map(({ id, text }) => html`<option value="${id}">${text.en}</option>`)}
    </select>
    ${
      heldBecause === null
        ? html`<button class="button outline" type="submit" formaction="${at}/holds">${say('en', 'hold')}</button>`
        : html`<button class="button outline" type="submit" formaction="${at}/liftings">${say('en', 'lift')}</button>`
    }
    <button class="button outline" type="submit" formaction="${at}/copies">${say('en', 'open')}</button>
  </form>`
}
