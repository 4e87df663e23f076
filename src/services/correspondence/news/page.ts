import type { City } from '../../../city/index.ts'
import { deskPage, empty, notice } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { DutyId } from '../../../city/index.ts'
import { mailDomain } from '../reply-address.ts'
import { say } from './messages.ts'
import { newsWords } from './news-mail.ts'
import { paces, wishes, type NewsItem, type Pace, type Wish, type Wished } from './wish.ts'

type Viewer = Readonly<{ name: string; duties: readonly DutyId[] }>

/** The employee's news, and what she wishes to hear of. */
export function newsPage(
  city: City,
  staff: Viewer,
  parts: Readonly<{ news: readonly NewsItem[]; wish: Wish; done?: string; wrong?: string }>,
): Html {
  const { news, wish, done, wrong } = parts
  const main = html`<article class="account">
    <h1>${say('en', 'news')}</h1>
    ${done && html`<div role="status">${notice('done', html`<p>${done}</p>`)}</div>`}
    ${
      news.length === 0
        ? empty(say('en', 'none'), html`<p>${say('en', 'noneLead')}</p>`)
        : html`<p class="soft">${say('en', 'lead')}</p>
            <ul class="rows">
              ${newsWords(city, news).map((words) => html`<li>${words}</li> `)}
            </ul>
            <form method="post" action="/desk/news/readings">
              <button class="button outline" type="submit">${say('en', 'seen')}</button>
            </form>`
    }
    <section aria-labelledby="wishes">
      <h2 id="wishes">${say('en', 'wishes')}</h2>
      ${wishForm(city, wish, wrong)}
    </section>
  </article>`
  return deskPage({ city, staff, here: 'news', title: say('en', 'news'), wrong: wrong !== undefined, main })
}

const paceWords = { none: 'pace_none', 'at-once': 'pace_at_once', daily: 'pace_daily' } as const

function wishForm(city: City, wish: Wish, wrong: string | undefined): Html {
  const domain = mailDomain(city)
  const address = attributes({
    id: 'address',
    name: 'address',
    type: 'email',
    autocomplete: 'email',
    maxlength: 254,
    value: wish.address ?? '',
    'aria-describedby': wrong === undefined ? 'address-hint' : 'address-error address-hint',
    'aria-invalid': wrong === undefined ? undefined : 'true',
  })
  return html`<form method="post" action="/desk/news/wishes" class="stack">
    ${wishes.map((kind) => choice(kind, paces, wish[kind]))} ${choice('due', ['none', 'daily'], wish.due)}
    <label for="address">${say('en', 'address')}</label>
    <p class="hint" id="address-hint">${say('en', 'addressHint', { domain })}</p>
    ${wrong !== undefined && html`<p class="error" id="address-error">${wrong}</p>`} <input ${address} />
    <label for="hour">${say('en', 'hour')}</label>
    <select id="hour" name="hour">
      ${Array.from({ length: 14 }, (_, at) => at + 5).map(
        (hour) =>
          html`<option ${attributes({ value: hour, selected: hour === wish.hour })}>
            ${say('en', 'hourOf', { hour: String(hour) })}
          </option>`,
      )}
    </select>
    <p><button class="button" type="submit">${say('en', 'keep')}</button></p>
  </form>`
}

function choice(kind: Wished | 'due', offered: readonly Pace[], now: Pace): Html {
  return html`<p class="wish">
    <label for="wish-${kind}">${say('en', `wish_${kind}`)}</label>
    <select id="wish-${kind}" name="${kind}">
      ${offered.map(
        (pace) =>
          html`<option ${attributes({ value: pace, selected: pace === now })}>${say('en', paceWords[pace])}</option>`,
      )}
    </select>
  </p>`
}
