import { Temporal } from 'temporal-polyfill'

/** When a holiday falls, as the calendar file says it in words. */
export type HolidayRule =
  | Readonly<{ falls: 'on'; month: number; day: number }>
  | Readonly<{ falls: 'nth'; nth: number | 'last'; weekday: number; month: number }>
  | Readonly<{ falls: 'day after'; rule: HolidayRule }>

export const ruleExamples =
  'January 1; third Monday in January; last Monday in May; day after fourth Thursday in November'

const months = 'january february march april may june july august september october november december'.split(' ')
const weekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ')
const counts = 'first second third fourth'.split(' ')

/** Reads `third Monday in January` and its like; undefined when the words are not such a rule or name a day no year has. */
export function parseHolidayRule(words: string): HolidayRule | undefined {
  const [first = '', second = '', ...rest] = words.trim().toLowerCase().split(/\s+/)
  if (first === 'day' && second === 'after') {
    const rule = parseHolidayRule(rest.join(' '))
    return rule && { falls: 'day after', rule }
  }
  const [preposition, monthName = ''] = rest
  const weekday = weekdays.indexOf(second) + 1
  if (weekday > 0 && preposition === 'in' && rest.length === 2) {
    const nth = first === 'last' ? 'last' : counts.indexOf(first) + 1
    const month = months.indexOf(monthName) + 1
    return nth === 0 || month === 0 ? undefined : { falls: 'nth', nth, weekday, month }
  }
  const month = months.indexOf(first) + 1
  const day = /^\d{1,2}$/.test(second) ? Number(second) : 0
  if (month === 0 || rest.length > 0 || day < 1 || day > 28 + Number(month !== 2) * 2 + Number(hasDay31(month)))
    return undefined
  return { falls: 'on', month, day }
}

const hasDay31 = (month: number) => [1, 3, 5, 7, 8, 10, 12].includes(month)

/** The date on which a rule falls in a year, before any weekend rule moves it. */
export function dateOf(rule: HolidayRule, year: number): Temporal.PlainDate {
  switch (rule.falls) {
    case 'on':
      return Temporal.PlainDate.from({ year, month: rule.month, day: rule.day })
    case 'day after':
      return dateOf(rule.rule, year).add({ days: 1 })
    case 'nth': {
      const first = Temporal.PlainDate.from({ year, month: rule.month, day: 1 })
      const start = first.add({ days: (rule.weekday - first.dayOfWeek + 7) % 7 })
      if (rule.nth !== 'last') return start.add({ weeks: rule.nth - 1 })
      const fifth = start.add({ weeks: 4 })
      return fifth.month === rule.month ? fifth : start.add({ weeks: 3 })
    }
    default:
      return rule satisfies never
  }
}
