import type { Duty } from '../../../city/index.ts'
import { deskPage, empty, moment, paragraphs, type DeskPageParts } from '../../../city/look/index.ts'
import type { City } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Reading } from '../reading.ts'
import { say } from './messages.ts'
import { shelves, type Shelf, type UndecidedLine } from './undecided.ts'

export type QuarantineView = Readonly<{
  city: City
  staff: DeskPageParts['staff']
  shelf: Shelf
  lines: readonly UndecidedLine[]
  /** The mail that was chosen, with the reasons for which its duty opens it, and its words while it is open. */
  chosen?: Readonly<{ line: UndecidedLine; reasons: Duty['reasons']; reading?: Reading }>
  said?: string
  wrong?: string
}>

/** The mail that waits for a decision: a list by topic and age, and the mail that was chosen. */
export function quarantinePage(view: QuarantineView): Html {
  const { city, staff, shelf, lines, chosen, said, wrong } = view
  const lead = { quarantined: 'lead', aside: 'leadAside', junk: 'leadJunk' } as const
  return deskPage({
    city,
    staff,
    here: 'mail',
    title: say('en', 'title'),
    wrong: wrong !== undefined,
    main: html`<h1>${say('en', 'title')}</h1>
      ${said && html`<p class="said" role="status">${said}</p>`}
      ${wrong && html`<p class="said wrong" role="alert">${wrong}</p>`}
      <ul class="rows">
        ${shelves.map((one) => html`<li><a ${attributes({ href: `/desk/mail?shelf=${one}`, 'aria-current': one === shelf ? 'page' : undefined })}>${say('en', one)}</a></li> `)}
      </ul>
      <p>${say('en', lead[shelf])}</p>
      ${chosen ? mailOf(city, chosen) : lines.length === 0 ? empty(say('en', 'none'), html`<p>${say('en', 'noneSays')}</p>`, 2) : list(view)}`,
  })
}

function list({ city, lines, shelf }: QuarantineView): Html {
  return html`<ul class="rows">
    ${lines.map(
      (line) =>
        html`<li>
          <a href="/desk/mail/${line.id}?shelf=${shelf}">${topicOf(city, line)}</a>
          <span class="soft">${whyOf(line)}</span>
          <span class="soft">${moment('en', line.receivedAt, city.timeZone)}</span>
        </li> `,
    )}
  </ul>`
}

function mailOf(city: City, { line, reasons, reading }: NonNullable<QuarantineView['chosen']>): Html {
  const at = `/desk/mail/${line.id}`
  return html`<section aria-labelledby="chosen">
    <h2 id="chosen">${topicOf(city, line)}</h2>
    <p class="soft">${whyOf(line)} · ${moment('en', line.receivedAt, city.timeZone)}</p>
    ${reading ? opened(at, reading) : sealed(at, reasons)}
  </section>`
}

function sealed(at: string, reasons: Duty['reasons']): Html {
  return html`<p>${say('en', 'sealedLead')}</p>
    <form method="post" action="${at}/openings">
      <label for="reason">${say('en', 'reason')}</label>
      <select id="reason" name="reason">
        ${reasons.map(({ id, text }) => html`<option value="${id}">${text.en}</option>`)}
      </select>
      <button class="button" type="submit">${say('en', 'open')}</button>
    </form>`
}

function opened(at: string, { from, subject, text, files, verdict, quoted }: Reading): Html {
  return html`<dl class="facts">
      <dt>${say('en', 'from')}</dt>
      <dd>${from ? `${from.name} <${from.address}>` : say('en', 'noFrom')}</dd>
      <dt>${say('en', 'subject')}</dt>
      <dd>${subject}</dd>
      <dt>${say('en', 'check')}</dt>
      <dd>${say('en', `check-${verdict.sender}`)}</dd>
    </dl>
    ${paragraphs(text)}
    ${files.length > 0 && html`<p class="soft">${say('en', 'files')}: ${files.map(({ name }) => name).join(', ')}</p>`}
    <p><a href="${at}/original" download>${say('en', 'original')}</a> <span class="soft">${say('en', 'originalLead')}</span></p>
    <form method="post" action="${at}/joins">
      <label for="number">${say('en', 'number')}</label>
      <input ${attributes({ id: 'number', name: 'number', inputmode: 'numeric', maxlength: '12', value: String(quoted[0] ?? ''), required: true })} />
      <button class="button" type="submit">${say('en', 'joinButton')}</button>
    </form>
    <form method="post" action="${at}/separations">
      <button class="button outline" type="submit">${say('en', 'separate')}</button>
    </form>
    <form method="post" action="${at}/junk">
      <button class="quiet" type="submit">${say('en', 'markJunk')}</button>
    </form>`
}

/** A sensitive topic is named by its department only. */
function topicOf(city: City, { topic }: UndecidedLine): string {
  const known = city.topics.get(topic)
  if (!known) return topic
  return (known.sensitive ? city.departments.get(known.department)?.name.en : known.name.en) ?? topic
}

const whyOf = ({ why }: UndecidedLine): string => say('en', `why-${why}` as 'why-loop')
