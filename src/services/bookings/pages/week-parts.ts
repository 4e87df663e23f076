import { Temporal } from 'temporal-polyfill'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import type { DayOfSlots } from '../week.ts'

/** The week before and the week after, as far as there is something to book. */
export function weekNav(
  language: Language,
  week: Temporal.PlainDate,
  { first, last }: Readonly<{ first: Temporal.PlainDate; last: Temporal.PlainDate }>,
  hrefOf: (monday: Temporal.PlainDate) => string,
): Html {
  const [before, after] = [week.subtract({ days: 7 }), week.add({ days: 7 })]
  return html`<nav class="weeks screen" aria-label="${say(language, 'weekNav')}">
    ${
      Temporal.PlainDate.compare(before, first) >= 0 &&
      html`<a rel="prev" href="${hrefOf(before)}">← ${say(language, 'weekBefore')}</a>`
    }
    ${
      Temporal.PlainDate.compare(after, last) <= 0 &&
      html`<a rel="next" href="${hrefOf(after)}">${say(language, 'weekAfter')} →</a>`
    }
  </nav>`
}

/** What is to be said of a day on which nothing can be chosen. */
export function dayState(language: Language, day: DayOfSlots, today: Temporal.PlainDate): string | undefined {
  const has = (state: string) => day.slots.some((slot) => slot.state === state)
  if (has('free')) return undefined
  if (Temporal.PlainDate.compare(day.date, today) < 0) return say(language, 'gone')
  if (day.closed)
    return day.closed === 'closed' ? say(language, 'closed') : say(language, 'closedFor', { why: day.closed[language] })
  if (has('taken')) return say(language, 'allTaken')
  if (has('closed')) return say(language, 'closed')
  return day.date.equals(today) || has('too-late') ? say(language, 'over') : say(language, 'tooFar')
}
