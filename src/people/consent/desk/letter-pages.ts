import type { City } from '../../../city/index.ts'
import { dateWords, deskPage, empty, moment, paragraphs, type DeskModule } from '../../../city/look/index.ts'
import { html, join, raw, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import type { OpenedMail } from '../../residents/index.ts'
import type { LetterToPrint } from './letters.ts'
import { say } from './post-messages.ts'

type View = Readonly<{ city: City; staff: Staff }>

/** Part of the clerk's queue: what waits to be printed, each sealed until it is opened for a reason. */
export function lettersPart({ city, staff, letters }: View & Readonly<{ letters: readonly LetterToPrint[] }>): Html {
  return html`<section class="record" aria-labelledby="to-print">
    <h2 id="to-print">${say('en', 'printTitle')}</h2>
    ${
      letters.length === 0
        ? empty(say('en', 'printNone'), html`<p>${say('en', 'printNoneSays')}</p>`, 3)
        : html`<p class="soft">${say('en', 'printLead')}</p>
            <ul class="rows">
              ${letters.map((letter) => letterRow(city, staff, letter))}
            </ul>`
    }
  </section>`
}

function letterRow(city: City, staff: Staff, letter: LetterToPrint): Html {
  const { id, number, about, language, dueAt, endsOn } = letter
  const facts = [
    number !== null && about !== null && say('en', 'about', { number: String(number), about }),
    endsOn && say('en', 'ends', { date: dateWords('en', endsOn) }),
    say('en', language === 'es' ? 'spanish' : 'english'),
  ]
  return html`<li>
    <strong>${kindWords(letter)}</strong>
    <span class="soft"
      >${facts.filter((one) => one !== false && one !== null).join(' · ')} ·
      ${say.rich('en', 'due', { date: moment('en', dueAt, city.timeZone) })}</span
    >
    ${openLetterForm(city, staff, id)}
  </li> `
}

const kinds = ['consent-request', 'consent-reminder', 'consent-ending', 'came-of-age'] as const
function kindWords({ kind }: LetterToPrint): string {
  const known = kinds.find((one) => one === kind)
  return known ? say('en', `kind-${known}`) : say('en', 'kindOther')
}

function openLetterForm(city: City, staff: Staff, id: string): Html {
  const duty = staff.duties.flatMap((one) => city.duties.get(one) ?? []).find(({ may }) => may.includes('consent'))
  return html`<form class="line-form" method="post" action="/desk/consents/letters/${id}/openings">
    <label for="reason-${id}">${say('en', 'reason')}</label>
    <select id="reason-${id}" name="reason">
      ${(duty?.reasons ?? []).map((reason) => html`<option value="${reason.id}">${reason.text.en}</option>`)}
    </select>
    <button class="button outline" type="submit">${say('en', 'open')}</button>
  </form>`
}

/** The letter as it goes into the envelope: on paper stands nothing else. */
export function letterToPrintPage({
  city,
  staff,
  letter,
  modules,
}: View & Readonly<{ letter: OpenedMail; modules?: readonly DeskModule[] }>): Html {
  const { language } = letter
  const { to, title, parts } = letter.words
  const heading = say('en', 'letterTitle')
  const main = html`<div class="recorded">
    <div class="unprinted">
      <p><a class="back" href="/desk/consents" data-key="u">${say('en', 'back')}</a></p>
      <h1>${heading}</h1>
      <form class="row" method="post" action="/desk/consents/letters/${letter.id}/postings">
        <button class="button" type="button" data-print hidden autofocus>${say('en', 'print')}</button>
        <button class="button outline" type="submit">${say('en', 'posted')}</button>
        <span class="soft">${say('en', 'printHint')}</span>
      </form>
    </div>
    <article class="paper" lang="${language}">
      <header>
        <span class="wordmark" role="img" aria-label="${city.name[language]}"
          >${city.wordmark.kind === 'svg' ? raw(city.wordmark.svg) : city.wordmark.text}</span
        >
        <address>${city.name[language]}<br />${city.contact.address}<br />${city.contact.phone}</address>
      </header>
      <p class="window">${join(to.split('\n'), html`<br />`)}</p>
      <p><strong>${title}</strong></p>
      ${parts.map(({ words }) => paragraphs(words))}
    </article>
  </div>`
  return deskPage({ city, staff, here: 'consents', title: heading, main, ...(modules && { modules }) })
}
