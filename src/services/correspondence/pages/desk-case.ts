import { notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { KeptFile } from '../../attachments/index.ts'
import type { CaseOnDesk } from '../case-on-desk.ts'
import { say } from '../messages.ts'
import { whoIsWriting } from '../drafts/page.ts'
import { mailList } from '../mails/desk-mails.ts'
import { caseBar, closingWords } from './desk-bar.ts'
import { openEnvelope, sealedEnvelope } from './desk-envelope.ts'
import { placeName } from './desk-list.ts'
import { record } from './desk-record.ts'
import { cameBy, dueWords, dutyWords, shortDate, shortMoment, timeOfDay, topicName, type Day } from './desk-words.ts'
import { answerBox, noteBox } from './desk-write.ts'

/** Words that were typed and not taken yet. They are kept on the page, never in the database unsealed. `despite`: send them next time, whoever is writing. */
export type Draft = Readonly<{
  kind: 'reply' | 'note'
  words: string
  despite?: boolean
  /** Files that came with them: what is wrong with some, and those that are kept until the act is done. */
  files?: Readonly<{ wrong: readonly string[]; kept: readonly KeptFile[] }> | undefined
}>

export type CasePaneParts = Readonly<{
  onDesk: CaseOnDesk
  employee: number
  /** The part of the inbox beside it, as a query. */
  query: string
  /** Makes a repeated post one message. */
  messageId: string
  draft?: Draft
  done?: string
  wrong?: Readonly<{ title?: string; says: string; beside?: boolean }>
}>

/** One case on the desk: what it is about, what can be done, the letter, the answer, and who looked. */
export function casePane(day: Day, parts: CasePaneParts): Html {
  const { onDesk, query, messageId, draft, done, wrong } = parts
  const { envelope, history, above, panels } = onDesk
  const writing = {
    day,
    query,
    messageId,
    ...(draft && { draft }),
    ...(wrong?.beside && { wrong: wrong.says }),
  }
  return html`<article>
    <a class="back" href="/desk${query}" data-key="u">${say('en', 'backToList')}</a>
    ${head(day, parts)} ${done && html`<div role="status">${notice('done', html`<p>${done}</p>`)}</div>`}
    ${wrong && !wrong.beside && html`<div role="alert">${notice('wrong', html`${wrong.title && html`<p><strong>${wrong.title}</strong></p>`}<p>${wrong.says}</p>`)}</div>`}
    ${onDesk.glass && notice('wrong', html`<p><strong>${say('en', 'glassTitle')}</strong></p><p>${say('en', 'glassLead', { time: timeOfDay(day, onDesk.glass.until) })} <a href="/desk/break-glass">${say('en', 'glassMore')}</a></p>`)}
    ${caseBar(day.city, parts)} ${above}
    ${
      envelope.state === 'sealed'
        ? html`${whoIsWriting(onDesk)} ${sealedEnvelope(onDesk, query, messageId, draft)}`
        : html`${openEnvelope(day, onDesk, envelope)} ${whoIsWriting(onDesk)} ${answerBox(onDesk, envelope, writing)} ${noteBox(onDesk, writing)}`
    }
    ${panels} ${mailList(day, onDesk, query)} ${record(day.city, history)}
  </article>`
}

function head(day: Day, { onDesk, employee }: CasePaneParts): Html {
  const { city } = day
  const { line, duty, colleagues } = onDesk
  const assignee = colleagues.find(({ id }) => id === line.assignee)
  const who =
    line.assignee === employee
      ? say('en', 'you')
      : (assignee?.name ?? say('en', line.assignee === undefined ? 'nobody' : 'formerColleague'))
  const facts: readonly (readonly [string, string | Html] | undefined)[] = [
    line.place && [say('en', 'placeOf'), placeName(city, line.place)],
    [say('en', 'receivedOf'), shortMoment(day, line.receivedAt)],
    line.state === 'new' || line.state === 'open'
      ? [say('en', 'dueOf'), html`${shortDate(line.dueOn)}, ${dueWords(day, line)}`]
      : undefined,
    [say('en', 'assigneeOf'), who],
  ]
  return html`<header class="case-head">
      <p class="facts">
        <span>${say('en', 'lineNumber', { number: String(line.number) })}</span>
        <span class="state ${line.state}">${stateWords(onDesk)}</span>
        <span>${cameBy(line.channel)}</span>
        ${line.language === 'es' && html`<span>${say('en', 'lineSpanish')}</span>`}
        <span>${say('en', 'onDuty', { duty: dutyWords(city, duty) })}</span>
      </p>
      <h1>${topicName(city, line.topic)}</h1>
    </header>
    <dl class="facts-of">
      ${facts.map(
        (fact) =>
          fact &&
          html`<div>
            <dt>${fact[0]}</dt>
            <dd>${fact[1]}</dd>
          </div> `,
      )}
    </dl>`
}

function stateWords({ line }: CaseOnDesk): string {
  if (line.closedBecause) return say('en', 'closedBecause', { because: closingWords(line.closedBecause) })
  const words = { new: 'stateNew', open: 'stateOpen', answered: 'stateAnswered', closed: 'stateClosed' } as const
  return say('en', words[line.state])
}
