import { Temporal } from 'temporal-polyfill'
import type { City, Facility, FacilityId } from '../../city/index.ts'

/** What somebody would like to book, as an address or a form says it: `community-hall@2026-12-01T18:00Z`. */
export type SlotWish = Readonly<{ facility: FacilityId; start: Temporal.Instant; slots: number; places: number }>

/** The value of a slot in addresses and radio buttons. The moment is in UTC, so that no change of the clocks makes two of it. */
export function slotValue(facility: FacilityId, start: Temporal.Instant): string {
  return `${facility}@${start.toString({ smallestUnit: 'minute' })}`
}

const shape = /^([a-z][a-z0-9-]{0,59})@(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z)$/

/**
 * Reads what a slot control posted: its value, and under `name-slots` and `name-places` how many, 1 where they are left
 * out. `facility` where the form is for one only. Refusal `missing`: nothing chosen; `unreadable`: no slot of ours.
 */
export function readSlot(
  { bookings }: Pick<City, 'bookings'>,
  posted: Readonly<Record<string, unknown>>,
  name: string,
  facility?: FacilityId,
): SlotWish | Readonly<{ refused: 'missing' | 'unreadable' }> {
  const value = posted[name]
  if (value === undefined || value === '') return { refused: 'missing' }
  const [, id, at] = (typeof value === 'string' && shape.exec(value)) || []
  const found = bookings.get((id ?? '') as FacilityId)
  const start = at === undefined ? undefined : instantOf(at)
  const slots = countOf(posted[`${name}-slots`])
  const places = countOf(posted[`${name}-places`])
  if (!found || !start || slots === undefined || places === undefined) return { refused: 'unreadable' }
  if (facility !== undefined && found.id !== facility) return { refused: 'unreadable' }
  return { facility: found.id, start, slots, places }
}

function instantOf(text: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(text)
  } catch {
    return undefined
  }
}

function countOf(value: unknown): number | undefined {
  if (value === undefined || value === '') return 1
  return typeof value === 'string' && /^[1-9]\d{0,2}$/.test(value) ? Number(value) : undefined
}

/** When a wish would end, if its slots are in a row. */
export function endOf({ slot, buffer }: Facility, { start, slots }: SlotWish): Temporal.Instant {
  return start.add({ minutes: slots * slot + (slots - 1) * buffer })
}

/** Cents, at the plain price or a group's. */
export function priceOf(
  { price }: Facility,
  { slots, places }: Pick<SlotWish, 'slots' | 'places'>,
  perSlot = price?.slot,
) {
  return perSlot === undefined ? undefined : perSlot * slots * places
}
