import { Temporal } from 'temporal-polyfill'
import type { City, Facility } from '../../../city/index.ts'
import type { Visit } from '../../../trust/need-to-know/index.ts'
import { readSlot, type SlotWish } from '../slot.ts'

export type Shown = Readonly<{ facility: Facility; day: Temporal.PlainDate; view: 'day' | 'week' }>

/** What an address of the desk asks for, among what she keeps; the first of it, and today, where it asks for nothing. */
export function shownIn({ request }: Visit, kept: readonly Facility[], today: Temporal.PlainDate): Shown | undefined {
  const query = request.query as Record<string, unknown>
  const facility = query['facility'] === undefined ? kept[0] : kept.find(({ id }) => id === query['facility'])
  if (!facility) return undefined
  const view = query['view'] === 'week' ? 'week' : 'day'
  return { facility, day: dayOf(query['day']) ?? today, view }
}

export function dayOf(typed: unknown): Temporal.PlainDate | undefined {
  if (typeof typed !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(typed)) return undefined
  try {
    const day = Temporal.PlainDate.from(typed, { overflow: 'reject' })
    return day.year >= 2000 && day.year < 2200 ? day : undefined
  } catch {
    return undefined
  }
}

/** A day and a time of the city's clocks; a time that the clocks show twice is the later one, as with hours of opening. */
export function momentOf({ timeZone }: City, day: unknown, time: unknown): Temporal.Instant | undefined {
  const date = dayOf(day)
  if (!date || typeof time !== 'string' || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return undefined
  return date
    .toPlainDateTime(Temporal.PlainTime.from(time))
    .toZonedDateTime(timeZone, { disambiguation: 'later' })
    .toInstant()
}

/** From the first to the last moment of some days. */
export function spanOf({ timeZone }: City, day: Temporal.PlainDate, days: number) {
  const at = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).toInstant()
  return { from: at(day), until: at(day.add({ days })) }
}

/** The slot that a page of recording is for, of something she keeps. */
export function slotIn(city: City, visit: Visit, kept: readonly Facility[]): SlotWish | undefined {
  const asked = { ...(visit.request.query as Record<string, unknown>), ...visit.posted }
  const wish = readSlot(city, asked, 'slot')
  return 'refused' in wish || !kept.some(({ id }) => id === wish.facility) ? undefined : wish
}

export const isId = (text: string | undefined): text is string =>
  text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
