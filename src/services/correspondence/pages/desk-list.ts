import { markBox, severalForm } from '../several/page.ts'
import type { City, DutyId, PlaceId, TopicId } from '../../../city/index.ts'
import { empty } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { countedTo, shelves, type Inbox, type InboxQuestion, type Lines } from '../inbox.ts'
import { filterRail, narrowedTo } from '../filters/page.ts'
import { say as sayOfFilters } from '../filters/messages.ts'
import { isNarrowed, lookedAt } from '../filters/narrow.ts'
import { channels, type Channel } from '../letter.ts'
import { say } from '../messages.ts'
import { say as sayOfNews } from '../news/messages.ts'
import type { CaseLine } from '../tables.ts'
import { channelWord, dueWords, receivedWords, topicInList, topicName, type Day } from './desk-words.ts'

/** Which part of the inbox is shown, as it stands in an address; the page of a case keeps it, so that its list stays. */
export function queryOf(question: InboxQuestion, page = false): string {
  const { shelf, topic, place, channel, assignee, overdue, after } = question
  const query = new URLSearchParams()
  if (shelf !== 'waiting') query.set('shelf', shelf)
  if (topic) query.set('topic', topic)
  if (place) query.set('place', place)
  if (channel) query.set('channel', channel)
  if (assignee !== undefined) query.set('assignee', String(assignee))
  if (overdue) query.set('overdue', 'yes')
  if (page && after) query.set('after', after)
  const text = query.toString()
  return text && `?${text}`
}

/** The rail: shelves with how much stands on each, and the topics of her duties. */
export function queues(city: City, inbox: Inbox, question: InboxQuestion): Html {
  const topics = inbox.topics.map(({ topic, waiting }) => {
    const here = question.shelf === 'waiting' && question.topic === topic && !isNarrowed(question)
    return railLine(queryOf({ shelf: 'waiting', topic }), topicName(city, topic), waiting, here)
  })
  return html`<div>
      <h2 id="shelves">${say('en', 'shelves')}</h2>
      <ul class="shelves" aria-labelledby="shelves">
        ${shelves.map((shelf) => {
          const here = question.shelf === shelf && question.topic === undefined && !isNarrowed(question)
          return railLine(queryOf({ shelf }), say('en', shelf), inbox.counts[shelf], here, shelf === 'waiting')
        })}
        ${inbox.news > 0 && railLine('/news', sayOfNews('en', 'news'), inbox.news, false)}
        ${inbox.rail}
      </ul>
    </div>
    ${filterRail(inbox.filters ?? [], question)}
    ${
      topics.length > 1 &&
      html`<div>
        <h2 id="topics">${say('en', 'topics')}</h2>
        <ul class="topics" aria-labelledby="topics">
          ${topics}
        </ul>
      </div>`
    }`
}

function railLine(query: string, words: string, count: number, here: boolean, isInbox = false): Html {
  const given = attributes({
    href: `/desk${query}`,
    'aria-current': here ? 'true' : undefined,
    'data-key': isInbox ? 'i' : undefined,
  })
  const counted = count >= countedTo ? say('en', 'manyCount') : String(count)
  return html`<li class="${count === 0 && 'none'}"><a ${given}>${words} <span class="count">${counted}</span></a></li> `
}

export type ListParts = Readonly<{
  inbox: Lines
  question: InboxQuestion
  employee: number | undefined
  shown?: string | undefined
  /** On the inbox itself: how it can be narrowed, and her duties, for what is done with several. */
  whole?: Readonly<{ narrow: Html; duties: readonly DutyId[] }>
}>

/** The list: one line a case, most urgent first; on the page of a case the same list beside it. */
export function caseList(day: Day, { inbox, question, employee, shown, whole }: ListParts, heading: 1 | 2): Html {
  const title = titleOf(day.city, question)
  return html`<header>${heading === 1 ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`} </header>
    ${whole ? whole.narrow : narrowedTo(day.city, question)}
    ${whole && severalForm(day, whole.duties, inbox.lines, queryOf(question, true))}
    ${inbox.lines.length === 0 ? emptyShelf(question, inbox.next !== undefined) : caseLines(day, inbox.lines, question, shown, employee, whole?.duties)}
    ${
      inbox.next !== undefined &&
      html`<a class="more" href="/desk${queryOf({ ...question, after: inbox.next }, true)}">${inbox.lines.length < 50 ? sayOfFilters('en', 'further') : say('en', 'more')}</a>`
    }`
}

export function titleOf(city: City, { shelf, topic }: InboxQuestion): string {
  return topic ? say('en', 'shelfTopic', { shelf: say('en', shelf), topic: topicName(city, topic) }) : say('en', shelf)
}

export function caseLines(
  day: Day,
  lines: readonly CaseLine[],
  question: InboxQuestion,
  shown?: string,
  employee?: number,
  several?: readonly DutyId[],
): Html {
  const query = queryOf(question, true)
  return html`<ol class="lines">
    ${lines.map((line) => html`<li>${several && markBox(day, several, line)}${caseLink(day, line, query, line.id === shown, employee)}</li> `)}
  </ol>`
}

function caseLink(day: Day, line: CaseLine, query: string, here: boolean, employee?: number): Html {
  const { words, sensitive } = topicInList(day.city, line.topic)
  const facts = [
    line.place && placeName(day.city, line.place),
    receivedWords(day, line),
    line.messages > 1 && say('en', 'lineMessages', { count: line.messages }),
    line.channel !== 'form' && channelWord(line.channel),
    line.language === 'es' && say('en', 'lineSpanish'),
    sensitive && say('en', 'lineSensitive'),
  ]
  const given = attributes({
    class: `line ${line.state}`,
    href: `/desk/cases/${line.id}${query}`,
    'aria-current': here ? 'page' : undefined,
    'data-line': true,
  })
  return html`<a ${given}
    ><span class="about">${words}${line.state === 'new' && html`<span class="unseen">, ${say('en', 'stateNew')}</span>`}</span>
    ${dueWords(day, line)}
    <span class="facts"
      ><span>${say('en', 'lineNumber', { number: String(line.number) })}</span>${facts
        .filter(Boolean)
        .map((fact) => html`<span>${fact}</span>`)}</span
    >${
      line.assignee !== undefined &&
      html`<span class="taken">${say('en', line.assignee === employee ? 'lineMine' : 'lineTaken')}</span>`
    }</a
  >`
}

function emptyShelf(question: InboxQuestion, isMore: boolean): Html {
  if (isNarrowed(question)) {
    const lead = isMore ? sayOfFilters('en', 'noneYetLead', { count: lookedAt }) : sayOfFilters('en', 'noneLead')
    return empty(sayOfFilters('en', isMore ? 'noneYet' : 'none'), html`<p>${lead}</p>`)
  }
  const words = {
    waiting: ['emptyWaiting', 'emptyWaitingLead'],
    mine: ['emptyMine', 'emptyMineLead'],
    answered: ['emptyAnswered', 'emptyAnsweredLead'],
    closed: ['emptyClosed', 'emptyClosedLead'],
  } as const
  const [title, lead] = words[question.shelf]
  return empty(say('en', title), html`<p>${say('en', lead)}</p>`)
}

export function placeName(city: City, place: PlaceId): string {
  return city.places.get(place)?.name.en ?? place
}

/** The question that an address asks; what it does not know it leaves out. */
export function questionOf(city: City, query: Readonly<Record<string, unknown>>): InboxQuestion {
  const { shelf, topic, place, channel, assignee, overdue, after } = query
  const number = typeof assignee === 'string' && /^\d{1,9}$/.test(assignee) ? Number(assignee) : undefined
  const known = shelves.find((one) => one === shelf) ?? 'waiting'
  return {
    shelf: known,
    ...(city.topics.has(topic as TopicId) && { topic: topic as TopicId }),
    ...(city.places.has(place as PlaceId) && { place: place as PlaceId }),
    ...(channels.includes(channel as Channel) && { channel: channel as Channel }),
    ...(known !== 'mine' && assignee === 'nobody' && { assignee }),
    ...(known !== 'mine' && number !== undefined && { assignee: number }),
    ...(overdue === 'yes' && (known === 'waiting' || known === 'mine') && { overdue: true }),
    ...(typeof after === 'string' && after !== '' && { after }),
  }
}
