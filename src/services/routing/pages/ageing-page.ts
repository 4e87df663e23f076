import type { Temporal } from 'temporal-polyfill'
import type { City, TopicId } from '../../../city/index.ts'
import { deskPage, empty } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { byDepartment, type Ageing, type WaitingLine } from '../ageing.ts'
import { say } from '../messages.ts'
import { markWords } from './marks.ts'

export type AgeingView = Readonly<{
  city: City
  today: Temporal.PlainDate
  staff: Staff
  topics: readonly Ageing[]
  waiting: readonly WaitingLine[]
}>

const bands = ['unassigned', 'escalated', 'overdue', 'soon', 'later'] as const
const most = 100

/** What waits: numbers by department, topic and age; below them the most urgent cases of her own desk. */
export function ageingPage(view: AgeingView): Html {
  const { city, staff, topics, waiting } = view
  const nothing = topics.every((one) => bands.every((band) => one[band] === 0))
  const main = html`<h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${
      nothing
        ? empty(say('en', 'nothing'), html`<p>${say('en', 'nothingLead')}</p>`)
        : html`${numbers(city, topics)} ${waiting.length > 0 && oldest(view)}`
    }`
  return deskPage({ city, staff, here: 'ageing', title: say('en', 'title'), main })
}

function numbers(city: City, topics: readonly Ageing[]): Html {
  return html`${byDepartment(city, topics).map(
    ({ department, topics: its }) =>
      html`<section class="record">
        <h2 id="of-${department.id}">${department.name.en}</h2>
        ${its.some(({ own }) => !own) && html`<p class="soft small">${say('en', 'numbersOnlyLead')}</p>`}
        <div class="wide-only" tabindex="0" role="region" aria-labelledby="of-${department.id}">
          <table class="table numbers">
            <thead>
              <tr>
                <th scope="col">${say('en', 'topic')}</th>
                <th scope="col">${say('en', 'promise')}</th>
                ${bands.map((band) => html`<th scope="col" class="number">${say('en', band)}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${its.map((one) => row(city, one))}
            </tbody>
          </table>
        </div>
      </section>`,
  )}`
}

function row(city: City, one: Ageing): Html {
  const name = city.topics.get(one.topic)?.name.en ?? one.topic
  const head = one.own
    ? html`<a href="/desk?topic=${one.topic}">${name}</a>`
    : html`${name} <span class="soft">${say('en', 'numbersOnly')}</span>`
  return html`<tr>
    <th scope="row">${head}</th>
    <td class="nowrap">${promise(city, one.topic)}</td>
    ${bands.map((band) => {
      const late = (band === 'escalated' || band === 'overdue') && one[band] > 0
      return html`<td class="number${late && ' late'}">${one[band] >= most ? say('en', 'many') : String(one[band])}</td>`
    })}
  </tr> `
}

function promise(city: City, topic: TopicId): string {
  const within = city.topics.get(topic)?.answerWithin
  if (!within) return ''
  return say('en', within.count === 'working' ? 'promiseWorking' : 'promiseCalendar', { days: within.days })
}

function oldest(view: AgeingView): Html {
  const columns = ['case', 'topic', 'place', 'due', 'whose', 'marks'] as const
  return html`<section class="record">
    <h2 id="oldest">${say('en', 'oldest')}</h2>
    <p class="soft small">${say('en', 'oldestLead')}</p>
    <div class="wide-only" tabindex="0" role="region" aria-labelledby="oldest">
      <table class="table">
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${say('en', column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${view.waiting.map((one) => waitingRow(view, one))}
        </tbody>
      </table>
    </div>
  </section>`
}

function waitingRow({ city, today, staff }: AgeingView, { line, reminders }: WaitingLine): Html {
  const whose = line.assignee === undefined ? 'nobody' : line.assignee === staff.employee ? 'you' : 'colleague'
  return html`<tr>
    <td class="nowrap">
      <a href="/desk/cases/${line.id}" data-line>${say('en', 'number', { number: String(line.number) })}</a>
    </td>
    <td>${topicInList(city, line.topic)}</td>
    <td>${line.place && city.places.get(line.place)?.name.en}</td>
    <td class="nowrap">${dueWords(today, line.dueOn)}</td>
    <td>${line.assignee === undefined ? html`<strong>${say('en', whose)}</strong>` : say('en', whose)}</td>
    <td>${reminders.map(markWords).join(', ')}</td>
  </tr> `
}

/** A list shows a sensitive topic by its department only. */
function topicInList(city: City, id: TopicId): string {
  const topic = city.topics.get(id)
  if (!topic?.sensitive) return topic?.name.en ?? id
  return `${city.departments.get(topic.department)?.name.en ?? ''} (${say('en', 'sensitive')})`
}

function dueWords(today: Temporal.PlainDate, due: Temporal.PlainDate): Html {
  const days = today.until(due, { largestUnit: 'day' }).days
  if (days < 0) return html`<span class="late">${say('en', 'dueLate', { days: -days })}</span>`
  return html`${days === 0 ? say('en', 'dueToday') : say('en', 'dueIn', { days })}`
}
