import { deskPage, factsList, moment, momentWords, paragraphs } from '../../../city/look/index.ts'
import type { CaseId } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { Temporal } from 'temporal-polyfill'
import type { CaseOnDesk } from '../case-on-desk.ts'
import { shortMoment, type Day } from '../pages/desk-words.ts'
import { isLinkLeftOut } from '../mailed-receipt/receipt-link.ts'
import type { MailLine } from '../read-case.ts'
import { say } from './desk-mail-messages.ts'
import type { MailCopy } from './mail-copy.ts'
import { mailStateWords } from './mail-state.ts'

type Viewer = Readonly<{ name: string; employee: number }>

/** The mails of a case: how each fared, its copy, and one more try where it failed for good. */
export function mailList(day: Day, { line, mails, powers }: CaseOnDesk, query: string): Html | undefined {
  if (mails.length === 0) return undefined
  return html`<section class="record" aria-labelledby="mails">
    <h2 id="mails">${say('en', 'mails')}</h2>
    <ul class="rows">
      ${mails.map(
        (mail) =>
          html`<li>
            <span>${say('en', mail.kind)}</span> ${shortMoment(day, mail.createdAt)}
            <span class="soft">${mailStateWords('en', day.city.timeZone, mail)}</span>
            ${mail.copied && copyLink(day, line.id, mail)}
            ${powers.includes('answer') && mayGoAgain(mails, mail) && resendForm(line.id, mail, query)}
          </li> `,
      )}
    </ul>
  </section>`
}

function copyLink(day: Day, caseId: CaseId, mail: MailLine): Html {
  const when = momentWords('en', mail.createdAt, day.city.timeZone)
  const name = say('en', 'copyOf', { kind: say('en', mail.kind), when })
  return html`<a ${attributes({ class: 'onward', href: `/desk/cases/${caseId}/mails/${mail.id}`, 'aria-label': name })}
    >${say('en', 'copy')}</a
  >`
}

/** Only the latest mail of a message, and only to an address that there is. */
function mayGoAgain(mails: readonly MailLine[], mail: MailLine): boolean {
  const latest = mails.findLast(({ kind, messageId }) => kind === mail.kind && messageId === mail.messageId)
  return (
    (mail.state === 'failed' || mail.state === 'bounced') && mail.failure !== 'no-address' && latest?.id === mail.id
  )
}

function resendForm(caseId: CaseId, mail: MailLine, query: string): Html {
  return html`<form method="post" action="/desk/cases/${caseId}/resendings${query}">
    <input type="hidden" name="mail" value="${mail.id}" />
    <button class="button outline" type="submit">${say('en', 'resend')}</button>
  </form>`
}

/** A mail as it went out, or as it would have. */
export function copyPage(day: Day, staff: Viewer, caseId: CaseId, { number, line, mail }: MailCopy): Html {
  const { city } = day
  const lead =
    line.state === 'kept' ? 'copyKept' : line.state === 'failed' || line.state === 'bounced' ? 'copyFailed' : 'copyLead'
  const main = html`<article>
    <a class="back" href="/desk/cases/${caseId}" data-key="u">${say('en', 'backToCase', { number: String(number) })}</a>
    <h1>${say('en', 'copyTitle', { number: String(number) })}</h1>
    <p class="soft">${say('en', lead)} ${isLinkLeftOut(mail.text) && say('en', 'copyLink')}</p>
    ${factsList([
      [say('en', 'to'), mail.to],
      [say('en', 'from'), `${mail.from.name} <${mail.from.address}>`],
      [say('en', 'answers'), mail.replyTo],
      [say('en', 'subject'), mail.subject],
      [say('en', 'date'), moment('en', Temporal.Instant.from(mail.date), city.timeZone)],
      [say('en', 'state'), mailStateWords('en', city.timeZone, line)],
    ])}
    <section class="copy" lang="${mail.language}">${paragraphs(mail.text)}</section>
  </article>`
  return deskPage({ city, staff, here: 'outbox', title: say('en', 'copyTitle', { number: String(number) }), main })
}
