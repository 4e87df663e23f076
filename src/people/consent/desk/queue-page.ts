import type { City } from '../../../city/index.ts'
import { dateWords, deskPage, empty, moment, notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { lettersPart } from './letter-pages.ts'
import type { LetterToPrint } from './letters.ts'
import { say } from './messages.ts'
import { say as sayPost } from './post-messages.ts'
import type { Queue, ToVerify } from './on-desk.ts'

export type QueueView = Readonly<{
  city: City
  staff: Staff
  queue: Queue
  letters: readonly LetterToPrint[]
  done?: 'verified' | 'toldDone' | 'settledOn' | 'settledOff' | 'postedDone' | 'answeredYes' | 'answeredNo'
}>

/** `/desk/consents`: what waits for the consent clerk. Nobody is named. */
export function queuePage(view: QueueView): Html {
  const { city, staff, queue, done } = view
  const main = html`<article class="consents">
    <h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${done && html`<div role="status">${notice('done', html`<p>${doneWords(done)}</p>`)}</div>`}
    <p class="row">
      <a class="button outline" href="/desk/consents/counter">${sayPost('en', 'counterLink')}</a>
      <a class="button outline" href="/desk/consents/asking">${sayPost('en', 'askLink')}</a>
    </p>
    <section class="record">
      <h2>${say('en', 'verifyTitle')}</h2>
      ${
        queue.verify.length === 0
          ? empty(say('en', 'verifyNone'), html`<p>${say('en', 'verifyNoneSays')}</p>`, 3)
          : verifyTable(city, queue.verify)
      }
    </section>
    ${lettersPart(view)}
    <section class="record" aria-labelledby="settle">
      <h2 id="settle">${say('en', 'settleTitle')}</h2>
      ${
        queue.settle.length === 0
          ? empty(say('en', 'settleNone'), html`<p>${say('en', 'settleNoneSays')}</p>`, 3)
          : html`<ul class="rows">
              ${queue.settle.map(
                ({ consent, title, purpose, at }) =>
                  html`<li>
                    <a href="/desk/consents/conflicts/${consent}">${title.en}: ${purpose.en}</a>
                    <span class="soft">${moment('en', at, city.timeZone)}</span>
                  </li> `,
              )}
            </ul>`
      }
    </section>
    ${queue.stops.length > 0 && stopsPart(view)}
  </article>`
  return deskPage({ city, staff, here: 'consents', title: say('en', 'title'), main })
}

function doneWords(done: NonNullable<QueueView['done']>): string {
  return done === 'postedDone' || done === 'answeredYes' || done === 'answeredNo'
    ? sayPost('en', done)
    : say('en', done)
}

function verifyTable(city: City, rows: readonly ToVerify[]): Html {
  const head = (['number', 'thing', 'band', 'since', 'until', 'wants', 'letter'] as const).map((key) => say('en', key))
  return html`<div class="wide-only" tabindex="0" role="region" aria-label="${say('en', 'verifyTitle')}">
    <table class="table">
      <thead>
        <tr>
          ${head.map((words) => html`<th scope="col">${words}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ id, number, title, band, answeredAt, endsOn, wants, letter }) =>
            html`<tr>
              <th scope="row"><a href="/desk/consents/${id}">${number}</a></th>
              <td>${title.en}</td>
              <td class="nowrap">${say('en', `band-${band}`)}</td>
              <td class="nowrap">${moment('en', answeredAt, city.timeZone)}</td>
              <td class="nowrap">${dateWords('en', endsOn)}</td>
              <td>${wantsWords(wants)}</td>
              <td class="nowrap">${letter && say('en', `letter-${letter}`)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

export const wantsWords = (wants: number | null): string =>
  say('en', wants === 3 ? 'wants-3' : wants === 2 ? 'wants-2' : 'wants-1')

function stopsPart({ city, queue }: QueueView): Html {
  return html`<section class="record" aria-labelledby="stops">
    <h2 id="stops">${say('en', 'stopsTitle')}</h2>
    <p class="soft">${say('en', 'stopsLead')}</p>
    <ul class="rows">
      ${queue.stops.map(({ id, consent, agency, thing }) => {
        const name = city.agencies.get(agency)?.name.en ?? agency
        return html`<li>
          ${say('en', 'stopLine', { agency: name, reference: consent, thing })}
          <form method="post" action="/desk/consents/stops/${id}">
            <button class="button outline" type="submit">${say('en', 'told')}</button>
          </form>
        </li> `
      })}
    </ul>
  </section>`
}
