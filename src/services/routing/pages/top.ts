import type { City, DutyId, PlaceId } from '../../../city/index.ts'
import { ruleInto } from '../../../city/index.ts'
import { notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { CaseLine, SeenOnDesk } from '../../correspondence/index.ts'
import type { ReminderKind } from '../ageing.ts'
import { say } from '../messages.ts'
import { overseerOf } from '../remind.ts'
import type { Suggestion } from '../suggest.ts'

/** The most pressing of what a case is reminded of, in one bar. */
export function reminderBar(city: City, line: CaseLine, reminders: readonly ReminderKind[]): Html | undefined {
  if (reminders.includes('escalated')) {
    const duty = city.duties.get(overseerOf(city, line.topic) as DutyId)?.title.en ?? ''
    return bar('wrong', say('en', 'bar_escalated', { duty }))
  }
  if (reminders.includes('overdue')) return bar('wrong', say('en', 'bar_overdue'))
  if (reminders.includes('unassigned')) return bar('note', say('en', 'bar_unassigned'))
  if (reminders.includes('due-soon')) return bar('note', say('en', 'bar_due_soon'))
  return undefined
}

const bar = (kind: 'note' | 'wrong', words: string) => notice(kind, html`<p>${words}</p>`)

/** Why the letter is on this desk, where a rule of the city's brought it or says who takes it up. */
export function routedBy(city: City, { topic, place }: CaseLine): Html | undefined {
  const rule = ruleInto(city, topic, place)
  if (!rule) return undefined
  const name = (id: typeof topic) => city.topics.get(id)?.name.en ?? id
  const words =
    rule.to === topic
      ? say('en', 'routedBy', {
          rule: rule.id,
          from: name(rule.topic),
          where: where(city, rule.places, place),
          to: name(topic),
        })
      : say('en', 'routedTo', {
          rule: rule.id,
          duty: rule.duty ? (city.duties.get(rule.duty)?.title.en ?? rule.duty) : '',
        })
  return html`<p class="soft small">${words}</p>`
}

function where(city: City, places: ReadonlySet<PlaceId> | undefined, place: PlaceId | undefined): string {
  const here = places && place && city.places.get(place)?.name.en
  return here === undefined ? say('en', 'routedEverywhere') : say('en', 'routedHere', { place: here })
}

/** Where the letter may belong, the words that say so, and one button. */
export function suggestionBar(city: City, { line, query }: SeenOnDesk, { topic, because }: Suggestion): Html {
  const words = new Intl.ListFormat('en').format(because.map((word) => `“${word}”`))
  return notice(
    'note',
    html`<h2>${say('en', 'suggestTitle', { topic: city.topics.get(topic)?.name.en ?? topic })}</h2>
      <p>${say('en', 'suggestLead', { count: because.length, words })}</p>
      <form method="post" action="/desk/cases/${line.id}/moves${query}">
        <input type="hidden" name="version" value="${line.version}" />
        <input type="hidden" name="topic" value="${topic}" />
        <button class="button outline" type="submit">${say('en', 'suggestDo')}</button>
      </form>`,
  )
}
