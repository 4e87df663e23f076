import type { Temporal } from 'temporal-polyfill'
import type { City, Duty } from '../../../city/index.ts'
import { moment, notice, paragraphs, seal } from '../../../city/look/index.ts'
import { attributes, html, localeOf, type Html } from '../../../plumbing/index.ts'
import { sizeOf } from '../../attachments/index.ts'
import type { Reading } from '../reading.ts'
import { say } from './messages.ts'
import { topicInList, whyWords } from './mail-words.ts'
import type { Shelf, UndecidedLine } from './undecided.ts'

/** The mail that was chosen: with the reasons for which its duty opens it, and its words while it is open. */
export type ChosenMail = Readonly<{
  line: UndecidedLine
  reasons: Duty['reasons']
  /** Whether the clerk may say what becomes of it. */
  decides: boolean
  opened?: Readonly<{ reading: Reading; until: Temporal.Instant }>
  /** The number she typed, which was none of her cases. */
  asked?: string
}>

/** One mail: sealed, or open with what can become of it. */
export function chosenMail(city: City, shelf: Shelf, chosen: ChosenMail, wrong: string | undefined): Html {
  const { line, opened, asked } = chosen
  const { words, sensitive } = topicInList(city, line)
  return html`<article>
    <a class="back" href="/desk/mail?shelf=${shelf}" data-key="u">${say('en', 'back')}</a>
    <header class="case-head">
      <p class="facts">
        <span class="state">${say('en', shelf)}</span><span>${whyWords(line)}</span
        ><span>${moment('en', line.receivedAt, city.timeZone)}</span><span>${sizeOf('en', line.bytes)}</span>${
          sensitive && html`<span>${say('en', 'sensitive')}</span>`
        }
      </p>
      <h1>${words}</h1>
    </header>
    ${wrong !== undefined && asked === undefined && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`}
    ${opened ? html`${open(city, line, opened)} ${chosen.decides && decisions(shelf, chosen, opened.reading, wrong)}` : sealed(line, chosen.reasons)}
  </article>`
}

function sealed({ id }: UndecidedLine, reasons: Duty['reasons']): Html {
  return html`<section class="envelope" aria-labelledby="sealed">
    <svg class="flap" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true"><path d="M0-2 50 36 100-2z" /></svg>
    ${seal}
    <div class="inside">
      <h2 id="sealed">${say('en', 'sealed')}</h2>
      <p>${say('en', 'sealedLead')}</p>
      <form method="post" action="/desk/mail/${id}/openings">
        <label for="reason">${say('en', 'reason')}</label>
        <select id="reason" name="reason" data-key="r">
          ${reasons.map((one) => html`<option value="${one.id}">${one.text.en}</option>`)}
        </select>
        <button class="button" type="submit">${say('en', 'open')}</button>
      </form>
    </div>
  </section>`
}

function open(city: City, { id }: UndecidedLine, { reading, until }: NonNullable<ChosenMail['opened']>): Html {
  const { from, subject, text, files, verdict, notes } = reading
  const time = html`<span data-open-until="${until.toString({ smallestUnit: 'second' })}"
    ><strong>${timeOf(city, until)}</strong></span
  >`
  const told = (['broken', 'cut', 'charset'] as const).filter((one) => notes.includes(one))
  return html`<p class="open-until">${say.rich('en', 'openUntil', { time })}</p>
    <dl class="contact">
      <div>
        <dt>${say('en', 'from')}</dt>
        <dd>${from ? [from.name, `<${from.address}>`].filter(Boolean).join(' ') : say('en', 'noFrom')}</dd>
      </div>
      <div class="verdict ${verdict.sender}">
        <dt>${say('en', 'check')}</dt>
        <dd>${say('en', `check-${verdict.sender}`)}</dd>
      </div>
    </dl>
    <ol class="letters">
      <li>
        <header><h2>${subject || say('en', 'noSubject')}</h2></header>
        ${text === '' ? html`<p class="soft">${say('en', 'noWords')}</p>` : paragraphs(text)}
        ${told.map((one) => html`<p class="soft small">${say('en', `note-${one}`)}</p>`)}
        ${
          files.length > 0 &&
          html`<p class="small">${say('en', 'files')}</p>
            <ul class="files" aria-label="${say('en', 'files')}">
              ${files.map(
                ({ name, bytes }) =>
                  html`<li><span class="name">${name}</span> <span class="soft">${sizeOf('en', bytes)}</span></li> `,
              )}
            </ul>`
        }
        <p class="soft small"><a href="/desk/mail/${id}/original" download>${say('en', 'original')}</a> ${say('en', 'originalLead')}</p>
      </li>
    </ol>`
}

/** Three ways on, each with what it does. */
function decisions(shelf: Shelf, { line, asked }: ChosenMail, { quoted }: Reading, wrong: string | undefined): Html {
  const at = `/desk/mail/${line.id}`
  const refused = asked !== undefined && wrong !== undefined
  const isAgency = line.why === 'not-the-agency'
  const number = asked ?? String(line.number ?? quoted[0] ?? '')
  return html`<section class="ways-on" aria-labelledby="ways-on">
    <h2 id="ways-on">${say('en', 'becomes')}</h2>
    <form method="post" action="${at}/joins" class="write">
      <h3>${say('en', 'join')}</h3>
      <p class="hint" id="join-hint">${say('en', isAgency ? 'joinAgencyLead' : 'joinLead')}</p>
      <label for="number">${say('en', 'number')}</label>
      ${refused && html`<p class="error" id="number-error" role="alert">${wrong}</p>`}
      <div class="row">
        <input
          ${attributes({
            id: 'number',
            name: 'number',
            inputmode: 'numeric',
            maxlength: '13',
            autocomplete: 'off',
            value: number,
            required: true,
            'data-key': 'm',
            'aria-describedby': refused ? 'number-error join-hint' : 'join-hint',
            'aria-invalid': refused ? 'true' : undefined,
          })}
        />
        <button class="button" type="submit">${say('en', 'joinButton')}</button>
      </div>
    </form>
    <div class="pair">
      <form method="post" action="${at}/separations" class="write">
        <h3>${say('en', 'separate')}</h3>
        <p class="hint">${say('en', 'separateLead')}</p>
        <button class="button outline" type="submit">${say('en', 'separateButton')}</button>
      </form>
      ${
        shelf !== 'junk' &&
        html`<form method="post" action="${at}/junk" class="write">
          <h3>${say('en', 'junk')}</h3>
          <p class="hint">${say('en', 'junkLead')}</p>
          <button class="button outline" type="submit">${say('en', 'markJunk')}</button>
        </form>`
      }
    </div>
  </section>`
}

const timeOf = (city: City, at: Temporal.Instant): string =>
  new Intl.DateTimeFormat(localeOf('en'), { hour: 'numeric', minute: '2-digit', timeZone: city.timeZone }).format(
    at.epochMilliseconds,
  )
