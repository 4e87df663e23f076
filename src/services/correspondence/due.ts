import type { Temporal } from 'temporal-polyfill'
import type { City, TopicId } from '../../city/index.ts'

type Dues = { day: Temporal.PlainDate; due: Map<TopicId, Temporal.PlainDate> }
/** The dates of the last day asked about: nearly always today's. */
const known = new WeakMap<City, Dues>()

/**
 * The date by which a letter on this topic is to be answered, if it came on `day`: the topic's own promise, in working
 * days, or in calendar days whose last one moves to a working day (as Gov. Code 7922.535 counts).
 */
export function dueOn(city: City, topic: TopicId, day: Temporal.PlainDate): Temporal.PlainDate {
  const dues = duesOf(city, day)
  const due = dues.get(topic) ?? reckon(city, topic, day)
  dues.set(topic, due)
  return due
}

function duesOf(city: City, day: Temporal.PlainDate): Dues['due'] {
  const last = known.get(city)
  if (last && (last.day === day || last.day.equals(day))) return last.due
  const due: Dues['due'] = new Map()
  known.set(city, { day, due })
  return due
}

function reckon(city: City, topic: TopicId, day: Temporal.PlainDate): Temporal.PlainDate {
  const within = city.topics.get(topic)?.answerWithin
  if (!within) throw new Error(`the topic ${topic} is not in the city's files`)
  return within.count === 'working'
    ? city.calendar.addWorkingDays(day, within.days)
    : city.calendar.addCalendarDaysThenWorking(day, within.days)
}
