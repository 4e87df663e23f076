import type { Temporal } from 'temporal-polyfill'
import type { AgencyId, City, TopicId } from '../../../city/index.ts'
import { dateWords, weekdayWords, type Step } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import type { Receipt } from '../receipt.ts'
import type { CaseLine } from '../tables.ts'
import { say } from './receipt-messages.ts'

/** Who takes care of a topic, by name. */
export function departmentOf(city: City, language: Language, topic: TopicId): string {
  const department = city.topics.get(topic)?.department
  return (department && city.departments.get(department)?.name[language]) ?? city.name[language]
}

/** How it stands, in a word or two. */
export function statusWords(city: City, language: Language, { state, topic }: CaseLine): Html {
  const department = departmentOf(city, language, topic)
  switch (state) {
    case 'new':
      return html`<span class="status">${say(language, 'statusNew', { department })}</span>`
    case 'open':
      return html`<span class="status">${say(language, 'statusOpen', { department })}</span>`
    case 'answered':
      return html`<span class="status done">${say(language, 'statusAnswered')}</span>`
    case 'closed':
      return html`<span class="status done">${say(language, 'statusClosed')}</span>`
    default:
      return state satisfies never
  }
}

/** What was asked for was done at once, by booking it or signing up: nobody had to work on it, or answered in words. */
export function doneAtOnce({ line, letters, history }: Receipt): 'booked' | 'signed-up' | undefined {
  if (line.state !== 'answered' || letters.some(({ kind }) => kind === 'reply')) return undefined
  // Whoever signed up may have a place, or a number in the line: how it stands is told above.
  if (history.some(({ act }) => act === 'enrolment.made')) return 'signed-up'
  return history.some(({ act }) => act === 'booking.made' || act === 'booking.held') ? 'booked' : undefined
}

/** What happened, what happens now, and what comes next with its date. */
export function receiptSteps(city: City, language: Language, receipt: Receipt): Step[] {
  const { line, history } = receipt
  const department = departmentOf(city, language, line.topic)
  const day = (at: Temporal.Instant) => dateWords(language, at.toZonedDateTimeISO(city.timeZone).toPlainDate())
  const opened = history.some(({ act, actorKind }) => act === 'letter.opened' && actorKind === 'staff')
  const received: Step = { state: 'done', title: say(language, 'stepReceived'), says: day(line.receivedAt) }
  const worked: Step = { state: 'done', title: say(language, 'stepWorked', { department }) }
  const answer: Step = {
    state: 'later',
    title: say(language, 'stepAnswer', { due: weekdayWords(language, line.dueOn) }),
  }
  const atOnce = doneAtOnce(receipt)
  switch (line.state) {
    case 'new':
    case 'open':
      return [received, waiting(language, department, opened || line.state === 'open'), answer]
    case 'answered':
      if (atOnce)
        return [received, { state: 'now', title: say(language, atOnce === 'booked' ? 'stepBooked' : 'stepSignedUp') }]
      return [
        received,
        worked,
        {
          state: 'now',
          title: say(language, 'stepAnswered'),
          says: html`${day(line.stateSince)}. ${say(language, 'stepAnsweredSays')}`,
        },
      ]
    case 'closed':
      return [
        received,
        worked,
        { state: 'done', title: say(language, 'stepClosed'), says: closedWords(city, language, line, history) },
      ]
    default:
      return line.state satisfies never
  }
}

function waiting(language: Language, department: string, inWork: boolean): Step {
  return inWork
    ? { state: 'now', title: say(language, 'stepWork', { department }) }
    : { state: 'now', title: say(language, 'stepNew'), says: say(language, 'stepNewSays', { department }) }
}

function closedWords(city: City, language: Language, { closedBecause }: CaseLine, history: Receipt['history']): string {
  const whose = closedBecause === 'not-ours' ? whoseWords(city, language, history) : undefined
  if (whose !== undefined) return `${whose} ${say(language, 'stepAnsweredSays')}`
  return `${closedBecause ? say(language, `closed-${closedBecause}`) : ''} ${say(language, 'stepAnsweredSays')}`.trim()
}

/** Whose it is, from the entry of its closing; the latest stands first. */
function whoseWords(city: City, language: Language, history: Receipt['history']): string | undefined {
  const closing = history.find(({ act }) => act === 'case.closed')
  const id = /(?:^| )agency=(\S+)/.exec(closing?.detail ?? '')?.[1]
  const agency = id === undefined ? undefined : city.agencies.get(id as AgencyId)
  if (!agency) return undefined
  const { name, responsibleFor, phone, url } = agency
  return say(language, 'closedWhose', { agency: name[language], does: responsibleFor[language], phone, url })
}
