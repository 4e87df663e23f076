import type { City } from '../../../city/index.ts'
import { deskPage, empty, factsList, moment, notice, paragraphs } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { kindWords, say } from './messages.ts'
import { reasonsOf } from './reasons.ts'
import type { KeptMail, OpenedMail } from './people-mail.ts'

type Parts = Readonly<{ city: City; staff: Staff; mails: readonly KeptMail[]; done?: boolean }>

/** What could not go out, each sealed until it is opened for a reason. */
export function peopleMailPage({ city, staff, mails, done = false }: Parts): Html {
  const main = html`<article class="people">
    <h1>${say('en', 'mailTitle')}</h1>
    <p class="soft">${say('en', 'mailLead')}</p>
    ${done && html`<div role="status">${notice('done', html`<p>${say('en', 'settled')}</p>`)}</div>`}
    ${
      mails.length === 0
        ? empty(say('en', 'mailNone'), html`<p>${say('en', 'mailNoneSays')}</p>`)
        : html`<ul class="rows">
            ${mails.map((mail) => mailRow(city, staff, mail))}
          </ul>`
    }
  </article>`
  return deskPage({ city, staff, here: 'people-mail', title: say('en', 'mailTitle'), main })
}

function mailRow(
  city: City,
  staff: Staff,
  { id, kind, language, state, failure, writtenAt, readable }: KeptMail,
): Html {
  return html`<li>
    <strong>${kindWords(kind)}</strong>
    <span class="soft"
      >${moment('en', writtenAt, city.timeZone)} · ${say('en', language === 'es' ? 'spanish' : 'english')} ·
      ${say('en', `state-${state}`)}${failure && html` (${failure})`}</span
    >
    ${readable ? openForm(city, staff, id) : html`<span class="soft">${say('en', 'gone')}</span>`}
  </li> `
}

function openForm(city: City, staff: Staff, id: string): Html {
  return html`<form class="line-form" method="post" action="/desk/people-mail/${id}/openings">
    <label for="reason-${id}">${say('en', 'reason')}</label>
    <select id="reason-${id}" name="reason">
      ${[...reasonsOf(city, staff)].reverse().map((reason) => html`<option value="${reason.id}">${reason.text.en}</option>`)}
    </select>
    <button class="button outline" type="submit">${say('en', 'open')}</button>
  </form>`
}

export function openedMailPage({ city, staff, mail }: Readonly<{ city: City; staff: Staff; mail: OpenedMail }>): Html {
  const { to, title, parts } = mail.words
  const main = html`<article class="people">
    <p><a class="onward" href="/desk/people-mail" data-key="u">${say('en', 'back')}</a></p>
    <h1 lang="${mail.language}">${title}</h1>
    ${factsList([[say('en', 'to'), to]])}
    <div class="letter" lang="${mail.language}">${parts.map(({ words }) => paragraphs(words))}</div>
    <form method="post" action="/desk/people-mail/${mail.id}/settlings">
      <button class="button outline" type="submit">${say('en', 'settle')}</button>
    </form>
  </article>`
  return deskPage({ city, staff, here: 'people-mail', title: say('en', 'mailTitle'), main })
}
