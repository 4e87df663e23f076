import type { Temporal } from 'temporal-polyfill'
import type { City, DutyId } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { longestWords, newId, type CaseLine, type SeenOnDesk } from '../../correspondence/index.ts'
import { say } from '../messages.ts'

type Day = Readonly<{ city: City; today: Temporal.PlainDate }>
type Joined = Readonly<{ parent?: CaseLine; children: readonly CaseLine[] }>

/** What belongs together with this case, and what may: each by topic, place and age, never by a person. */
export function togetherPart(
  day: Day,
  seen: SeenOnDesk,
  joined: Joined,
  near: readonly CaseLine[],
  lastAnswer: string | undefined,
): Html | undefined {
  const { parent, children } = joined
  const isJoined = parent !== undefined || children.length > 0
  if (!isJoined && near.length === 0) return undefined
  return html`${isJoined && joinedPart(day, seen, joined)}
    ${children.length > 0 && seen.key && mayAnswer(day.city, seen) && answerAllPart(day.city, seen, children, lastAnswer)}
    ${near.length > 0 && nearPart(day, seen, near, parent === undefined && children.length === 0)}`
}

function joinedPart(day: Day, seen: SeenOnDesk, { parent, children }: Joined): Html {
  const rows = (lines: readonly CaseLine[]) =>
    html`<ul class="rows">
      ${lines.map((line) => row(day, seen, line, mayAnswer(day.city, seen) && ('separations' as const)))}
    </ul>`
  return html`<section class="record" aria-labelledby="joined">
    <h2 id="joined">${say('en', 'joinedTitle')}</h2>
    ${parent && html`<p class="soft small">${say('en', 'joinedTo')}</p> ${rows([parent])}`}
    ${
      children.length > 0 &&
      html`<p class="soft small">${say('en', 'joinedChildren', { count: children.length })}</p> ${rows(children)}`
    }
  </section>`
}

function nearPart(day: Day, seen: SeenOnDesk, near: readonly CaseLine[], mayJoin: boolean): Html {
  const what = mayJoin && mayAnswer(day.city, seen) && ('joinings' as const)
  return html`<section class="record" aria-labelledby="near">
    <h2 id="near">${say('en', 'nearTitle')}</h2>
    <p class="soft small">${say('en', 'nearLead')}</p>
    <ul class="rows">
      ${near.map((line) => row(day, seen, line, what))}
    </ul>
  </section>`
}

function row({ city, today }: Day, seen: SeenOnDesk, line: CaseLine, act: 'joinings' | 'separations' | false): Html {
  const came = line.receivedAt.toZonedDateTimeISO(city.timeZone).toPlainDate()
  const days = Math.max(0, came.until(today, { largestUnit: 'day' }).days)
  return html`<li>
    <a href="/desk/cases/${line.id}${seen.query}">${say('en', 'number', { number: String(line.number) })}</a>
    <span class="soft">${city.topics.get(line.topic)?.name.en ?? line.topic}</span>
    ${line.place && html`<span class="soft">${city.places.get(line.place)?.name.en}</span>`}
    <span class="soft">${say('en', 'cameDays', { days })}, ${say('en', `state_${line.state}`)}</span>
    ${
      act &&
      html`<form method="post" action="/desk/cases/${seen.line.id}/${act}${seen.query}">
        <input type="hidden" name="other" value="${line.id}" />
        <button class="button outline" type="submit">${say('en', act === 'joinings' ? 'join' : 'separate')}</button>
      </form>`
    }
  </li> `
}

function answerAllPart(
  city: City,
  seen: SeenOnDesk,
  children: readonly CaseLine[],
  lastAnswer: string | undefined,
): Html {
  const { line, query } = seen
  const count = children.length
  const box = attributes({ id: 'answer-all', name: 'words', required: true, 'aria-describedby': 'answer-all-hint' })
  return html`<section class="write aside">
    <details>
      <summary>${say('en', 'allTitle', { count })}</summary>
      <form method="post" action="/desk/cases/${line.id}/joint-replies${query}">
        <input type="hidden" name="message" value="${newId()}" />
        <label for="answer-all">${say('en', 'allLabel')}</label>
        <p class="hint" id="answer-all-hint">${say('en', 'allLead')}</p>
        <textarea ${box} rows="6" maxlength="${longestWords}" lang="${line.language}">
${lastAnswer ?? ''}</textarea
        >
        <label for="all-reason">${say('en', 'reason')}</label>
        <select id="all-reason" name="reason">
          ${reasonsOf(city, seen).map(({ id, text }) => html`<option value="${id}">${text.en}</option>`)}
        </select>
        <div class="row">
          <button class="button" type="submit">${say('en', 'allDo', { count })}</button>
          <label><input type="checkbox" name="close" value="done" /> ${say('en', 'allClose')}</label>
        </div>
      </form>
    </details>
  </section>`
}

function dutiesOf(city: City, { staff, line }: SeenOnDesk) {
  return staff.duties.flatMap((id: DutyId) => {
    const duty = city.duties.get(id)
    return duty?.topics.includes(line.topic) ? [duty] : []
  })
}

const mayAnswer = (city: City, seen: SeenOnDesk) => dutiesOf(city, seen).some(({ may }) => may.includes('answer'))

function reasonsOf(city: City, seen: SeenOnDesk) {
  const reasons = dutiesOf(city, seen)
    .filter(({ may }) => may.includes('answer'))
    .flatMap((duty) => duty.reasons)
  return [...new Map(reasons.map((reason) => [reason.id, reason])).values()]
}
