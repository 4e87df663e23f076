import type { Reason } from '../../../city/index.ts'
import { mailLink, paragraphs, phoneLink, seal } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { fileList } from '../../attachments/index.ts'
import { draftWaits } from '../drafts/page.ts'
import type { CaseOnDesk, Envelope } from '../case-on-desk.ts'
import type { ContactDetails } from '../letter.ts'
import { mailedWords } from '../mails/mail-state.ts'
import { say } from '../messages.ts'
import type { Letter } from '../read-case.ts'
import type { Draft } from './desk-case.ts'
import { keptAlong } from './desk-files.ts'
import { cameBy, shortMoment, timeOfDay, type Day } from './desk-words.ts'

/** The sealed letter: what opening means, the reason, and one button. A draft comes along through the opening. */
export function sealedEnvelope(onDesk: CaseOnDesk, query: string, messageId: string, draft: Draft | undefined): Html {
  const mayRead = onDesk.powers.includes('read')
  return html`<section class="envelope" aria-labelledby="sealed">
    <svg class="flap" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true"><path d="M0-2 50 36 100-2z" /></svg>
    ${seal}
    <div class="inside">
      <h2 id="sealed">${say('en', 'sealedTitle')}</h2>
      <p>${say('en', mayRead ? 'sealedLead' : 'sealedMayNot')}</p>
      ${draft ? html`<p><strong>${say('en', 'sealedKept')}</strong></p>` : draftWaits(onDesk)}
      ${mayRead && openingForm(onDesk, query, messageId, draft)}
    </div>
  </section>`
}

function openingForm({ line, reasons }: CaseOnDesk, query: string, messageId: string, draft: Draft | undefined): Html {
  return html`<form method="post" action="/desk/cases/${line.id}/openings${query}">
    ${draft && keptAlong(draft, messageId)}
    ${
      draft &&
      html`<input type="hidden" name="draft" value="${draft.kind}" /><input
          ${attributes({ type: 'hidden', name: 'words', value: draft.words })} />`
    }
    <label for="reason">${say('en', 'reason')}</label>
    <select id="reason" name="reason">
      ${reasons.map((reason, at) => option(reason, at === 0))}
    </select>
    <button class="button" type="submit">${say('en', 'openLetter')}</button>
  </form>`
}

const option = ({ id, text }: Reason, selected: boolean) =>
  html`<option ${attributes({ value: id, selected })}>${text.en}</option>`

type Opened = Extract<Envelope, { state: 'open' }>

/** The open letter: until when, how to reach the person, and everything written, oldest first. */
export function openEnvelope(day: Day, onDesk: CaseOnDesk, envelope: Opened): Html {
  const time = html`<span data-open-until="${envelope.until.toString({ smallestUnit: 'second' })}"
    ><strong>${timeOfDay(day, envelope.until)}</strong></span
  >`
  return html`<p class="open-until">${say.rich('en', 'openUntil', { time })}</p>
    ${contactOf(envelope.contact)}
    ${letterList(day, onDesk, envelope)}`
}

/** A long case shows how it began and where it stands; what lies between is folded, and there. */
const foldedFrom = 14
const latest = 8

function letterList(day: Day, onDesk: CaseOnDesk, { letters, names }: Opened): Html {
  const list = (some: readonly Letter[]) =>
    html`<ol class="letters">
      ${some.map((letter) => letterItem(day, onDesk, letter, names))}
    </ol>`
  if (letters.length < foldedFrom) return list(letters)
  const between = letters.slice(1, -latest)
  return html`${list(letters.slice(0, 1))}
    <details class="between">
      <summary>${say('en', 'olderMessages', { count: between.length })}</summary>
      ${list(between)}
    </details>
    ${list(letters.slice(-latest))}`
}

function contactOf({ name, email, telephone, address }: ContactDetails): Html {
  if (!name && !email && !telephone && !address) return html`<p class="soft">${say('en', 'contactNone')}</p>`
  const row = (word: 'contactName' | 'contactEmail' | 'contactTelephone' | 'contactAddress', fact: string | Html) =>
    html`<div>
      <dt>${say('en', word)}</dt>
      <dd>${fact}</dd>
    </div> `
  return html`<dl class="contact">
    ${name && row('contactName', name)}${email && row('contactEmail', mailLink(email))}${
      telephone && row('contactTelephone', phoneLink(telephone))
    }${address && row('contactAddress', paragraphs(address))}
  </dl>`
}

function letterItem(
  day: Day,
  { line, mails, folded, asked }: CaseOnDesk,
  letter: Letter,
  names: ReadonlyMap<number, string>,
): Html {
  const mailed = mailedWords('en', day.city.timeZone, mails, letter)
  return html`<li class="${letter.kind}">
    <header>
      <h2>${titleOf(day, letter, names)}</h2>
      <span
        >${letter.channel !== undefined && letter.channel !== 'form' && html`${cameBy(letter.channel)} · `}${shortMoment(day, letter.writtenAt)}</span
      >
    </header>
    ${letter.kind === 'note' && html`<p class="soft small">${say('en', 'notSeen')}</p>`}
    ${letter.answers && answersOf(line, letter.answers, folded, asked)} ${letter.words !== undefined && paragraphs(letter.words)}
    ${fileList('en', letter.files ?? [], ({ id }) => `/desk/cases/${line.id}/attachments/${id}`, 'pictures')}
    ${mailed !== undefined && html`<p class="soft small">${mailed}</p>`}
  </li> `
}

function titleOf({ city }: Day, { kind, employee, agency }: Letter, names: ReadonlyMap<number, string>): string {
  const name = (employee !== undefined && names.get(employee)) || say('en', 'formerColleague')
  switch (kind) {
    case 'letter':
      return say('en', 'fromPerson')
    case 'addition':
      return say('en', 'fromPersonMore')
    case 'reply':
      return say('en', 'fromCity', { name })
    case 'note':
      return say('en', 'fromNote', { name })
    case 'referral':
      return say('en', 'fromReferral', { name })
    case 'agency':
      return say('en', 'fromAgency', {
        agency: (agency && city.agencies.get(agency)?.name.en) ?? say('en', 'anAgency'),
      })
    default:
      return kind satisfies never
  }
}

/** Each answer under the question as the person read it, and in English as well. */
function answersOf(
  { id, language }: CaseOnDesk['line'],
  answers: NonNullable<Letter['answers']>,
  folded: ReadonlySet<string>,
  asked: CaseOnDesk['asked'],
): Html {
  return html`<dl>
    ${answers.map(({ field, label, value, said }) => {
      const english = asked?.labelOf(field) ?? label
      return html`<dt>
          ${english}${english !== label && html` <span class="soft small" ${attributes({ lang: language })}>${label}</span>`}
        </dt>
        <dd>${folded.has(field) ? fold(id, field, label) : html`${paragraphs(value)}${asked?.below(field, typeof said === 'string' ? said : value)}`}</dd> `
    })}
  </dl>`
}

/** What is not needed, or is sensitive, is shown to whoever asks for it; that it was needed is counted, and not for whom. */
function fold(id: string, field: string, label: string): Html {
  return html`<form method="post" action="/desk/cases/${id}/unfoldings">
    <input type="hidden" name="question" value="${field}" />
    <button class="button outline" type="submit" aria-label="${say('en', 'showAnswerOf', { label })}">${say('en', 'showAnswer')}</button>
  </form>`
}
