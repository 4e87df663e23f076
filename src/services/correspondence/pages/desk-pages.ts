import type { DutyId } from '../../../city/index.ts'
import { deskPage, empty, moment, seal, type DeskPageParts } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Inbox, InboxQuestion } from '../inbox.ts'
import { narrowForm } from '../filters/page.ts'
import { deskModules } from '../desk-modules.ts'
import { say } from '../messages.ts'
import type { OutboxLine } from '../outbox.ts'
import type { CaseLine } from '../tables.ts'
import { casePane, type CasePaneParts } from './desk-case.ts'
import { caseLines, caseList, queues, titleOf } from './desk-list.ts'
import { mailKind, mailState } from './desk-record.ts'
import { topicInList, type Day } from './desk-words.ts'

type Viewer = Readonly<{ name: string; employee: number; duties: readonly DutyId[] }>
export type InboxParts = Readonly<{ staff: Viewer; inbox: Inbox; question: InboxQuestion }>

/** The inbox: rail, list, and an empty place for the letter. */
export function inboxPage(day: Day, parts: InboxParts & { done?: string; wrong?: string; refused?: string }): Html {
  const { staff, inbox, question, done, wrong, refused } = parts
  const main = html`<div class="empty choose">
    ${seal}
    <h2>${done ?? say('en', 'chooseTitle')}</h2>
    <p>${say('en', 'chooseLead')}</p>
  </div>`
  const whole = { narrow: narrowForm(day.city, { inbox, question, refused }), duties: staff.duties }
  const said = html`${done && html`<p class="said" role="status">${done}</p>`}${wrong && html`<p class="said wrong" role="alert">${wrong}</p>`}`
  return deskPage({
    ...shared(day, parts),
    title: titleOf(day.city, question),
    wrong: wrong !== undefined || refused !== undefined,
    front: 'list',
    list: {
      label: say('en', 'letters'),
      inside: html`${said}${caseList(day, { inbox, question, employee: staff.employee, whole }, 1)}`,
    },
    main,
    mainLabel: say('en', 'letter'),
  })
}

/** One case, with the list it was chosen from beside it. Its title is its number: never a topic, never a person. */
export function casePage(day: Day, parts: InboxParts & { list: Html; pane: Omit<CasePaneParts, 'employee'> }): Html {
  const { staff, list, pane } = parts
  const { line } = pane.onDesk
  return deskPage({
    ...shared(day, parts),
    title: say('en', 'caseTitle', { number: String(line.number) }),
    wrong: pane.wrong !== undefined,
    list: { label: say('en', 'letters'), inside: list },
    main: casePane(day, { ...pane, employee: staff.employee }),
    modules: deskModules,
  })
}

function shared(
  day: Day,
  { staff, inbox, question }: InboxParts,
): Pick<DeskPageParts, 'city' | 'staff' | 'here' | 'queues'> {
  return { city: day.city, staff, here: 'inbox', queues: queues(day.city, inbox, question) }
}

/** No such case on her desk: the same page whether it is not there or not hers. Words that she sent come back. */
export function notHerePage(day: Day, staff: Viewer, words = ''): Html {
  const main = html`<h1>${say('en', 'notHereTitle')}</h1>
    <p>${say('en', 'notHereLead')}</p>
    ${
      words !== '' &&
      html`<p><label for="kept">${say('en', 'notHereWords')}</label></p>
        <textarea id="kept" rows="7" readonly>
${words}</textarea>`
    }
    <p><a class="onward" href="/desk" data-key="u">${say('en', 'toInbox')}</a></p>`
  return deskPage({ city: day.city, staff, here: 'inbox', title: say('en', 'notHereTitle'), wrong: true, main })
}

/** Search. It is posted, so that no name or address stands in an address, a history or a log. */
export function searchPage(day: Day, staff: Viewer, asked?: string, found?: readonly CaseLine[]): Html {
  const main = html`<h1>${say('en', 'search')}</h1>
    <p class="soft">${say('en', 'searchLead')}</p>
    <form method="post" action="/desk/search" class="search-again">
      <label for="q">${say('en', 'searchLabel')}</label>
      <input id="q" name="q" type="search" autocomplete="off" maxlength="200" value="${asked ?? ''}" />
      <button class="button" type="submit">${say('en', 'searchDo')}</button>
    </form>
    ${found && results(day, staff, found)}`
  return deskPage({ city: day.city, staff, here: 'search', title: say('en', 'search'), main })
}

function results(day: Day, staff: Viewer, found: readonly CaseLine[]): Html {
  return html`<section class="found" role="status">
    <h2>${say('en', 'searchFound', { count: found.length })}</h2>
    ${
      found.length > 0
        ? caseLines(day, found, { shelf: 'waiting' }, undefined, staff.employee)
        : html`<p>${say('en', 'searchNone')}</p>`
    }
  </section>`
}

/** What went out by mail about cases on her desk. */
export function outboxPage(day: Day, staff: Viewer, mails: readonly OutboxLine[]): Html {
  const { city } = day
  const row = (mail: OutboxLine) =>
    html`<tr>
      <td class="nowrap">${moment('en', mail.settledAt ?? mail.createdAt, city.timeZone)}</td>
      <td><a href="/desk/cases/${mail.caseId}/mails/${mail.id}">${mailKind(mail)}</a></td>
      <td>
        <a class="nowrap" href="/desk/cases/${mail.caseId}">${say('en', 'lineNumber', { number: String(mail.number) })}</a>
      </td>
      <td>${topicInList(city, mail.topic).words}</td>
      <td>${mailState(mail)}</td>
    </tr> `
  const columns = ['columnWhen', 'columnKind', 'columnCase', 'columnTopic', 'columnState'] as const
  const main = html`<h1>${say('en', 'outbox')}</h1>
    <p class="soft">${say('en', 'outboxLead')}</p>
    ${
      mails.length === 0
        ? empty(say('en', 'outboxEmpty'), html`<p>${say('en', 'outboxEmptyLead')}</p>`)
        : html`<div class="wide-only" tabindex="0" role="region" aria-label="${say('en', 'mails')}">
            <table class="table">
              <thead>
                <tr>
                  ${columns.map((column) => html`<th scope="col">${say('en', column)}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${mails.map(row)}
              </tbody>
            </table>
          </div>`
    }`
  return deskPage({ city, staff, here: 'outbox', title: say('en', 'outbox'), main })
}
