import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { sampleCity } from '../../../../test/support/house.ts'
import type { Slot } from '../free-slots.ts'
import { readSlot, slotValue } from '../slot.ts'
import { facilityOf } from '../testing/scene.ts'
import { slotControl, type SlotControl } from './slot-control.ts'

const hall = facilityOf('hall', { mostSlots: 3, slot: 90, buffer: 15 })
const tables = facilityOf('tables', { capacity: 4, mostPlaces: 2, unit: { en: 'table', es: 'mesa' } })
const city = { ...sampleCity(), bookings: new Map([hall, tables].map((one) => [one.id, one] as const)) }
const week = Temporal.PlainDate.from('2026-12-07')
const at = (text: string) => Temporal.Instant.from(text)
const slot = (start: string, more: Partial<Slot> = {}): Slot => ({
  start: at(start),
  end: at(start).add({ minutes: 90 }),
  state: 'free',
  free: 1,
  longest: 2,
  ...more,
})
const plain = (text: unknown) =>
  String(text)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
const asked = (more: Partial<Extract<SlotControl, { slots: unknown }>> = {}) => ({
  city,
  name: 'slot',
  label: 'What and when',
  today: week,
  facility: hall,
  week,
  slots: [slot('2026-12-08T18:00:00Z'), slot('2026-12-08T20:00:00Z', { state: 'taken', free: 0, longest: 0 })],
  hrefOf: (monday: Temporal.PlainDate) => `?week=${monday.toString()}`,
  ...more,
})

describe('the choice of a slot in a form', () => {
  it('is real radio buttons by day, of what is free only, with how long each can be', () => {
    const html = String(slotControl('en', asked()))
    expect(html.match(/type="radio"/g)).toHaveLength(1)
    expect(html).toMatch(/<legend>Tuesday, December 8<\/legend>/)
    expect(html).toContain('value="hall@2026-12-08T18:00Z"')
    expect(plain(html)).toContain('10:00 AM up to 3 hours 15 minutes')
    expect(html).toContain('name="slot-slots"')
    expect(html).not.toContain('name="slot-places"')
    expect(html).toContain('href="?week=2026-12-14"')
    expect(html).not.toContain('?week=2026-11-30')
    for (const [, id] of html.matchAll(/<input[^>]* id="([^"]+)"/g)) expect(html).toContain(`for="${String(id)}"`)
  })

  it('keeps what was chosen, in another week or taken meanwhile too, and says what is wrong beside it', () => {
    const chosen = { facility: hall.id, start: at('2026-12-15T18:00:00Z'), slots: 2, places: 1 }
    const html = String(slotControl('es', asked({ chosen, error: 'Ya está ocupado.' })))
    expect(html).toMatch(/value="hall@2026-12-15T18:00Z"[^>]* checked/)
    expect(plain(html)).toContain('Su elección: martes, 15 de diciembre de 2026')
    expect(html).toMatch(/<option value="2" selected>/)
    expect(html).toContain('aria-describedby="slot-error"')
  })

  it('without a facility leads to what can be booked; in a week without a free time it says so', () => {
    const choose = slotControl('en', {
      city,
      name: 'slot',
      label: 'What',
      today: week,
      facility: undefined,
      offered: [hall, tables],
    })
    expect(String(choose)).toContain('href="/bookings/tables"')
    expect(String(choose)).not.toContain('type="radio"')
    expect(plain(slotControl('en', asked({ slots: [] })))).toContain('No time is free in this week.')
  })
})

describe('what a slot control posts', () => {
  it('is read back as it was written, with how many, and nothing else is', () => {
    const start = at('2026-12-08T18:00:00Z')
    const posted = { slot: slotValue(tables.id, start), 'slot-slots': '2', 'slot-places': '2' }
    expect(readSlot(city, posted, 'slot')).toEqual({ facility: tables.id, start, slots: 2, places: 2 })
    expect(readSlot(city, { slot: posted.slot }, 'slot')).toMatchObject({ slots: 1, places: 1 })
    expect(readSlot(city, {}, 'slot')).toEqual({ refused: 'missing' })
    const odd = [
      'hall',
      'hall@',
      'moon@2026-12-08T18:00Z',
      'hall@2026-13-08T18:00Z',
      'hall@2026-12-08T18:00-08:00',
      `hall@2026-12-08T18:00Z'`,
    ]
    for (const value of odd) expect(readSlot(city, { slot: value }, 'slot'), value).toEqual({ refused: 'unreadable' })
    for (const many of ['0', '-1', '1e3', '99999', ['2', '3']])
      expect(readSlot(city, { ...posted, 'slot-slots': many }, 'slot')).toEqual({ refused: 'unreadable' })
    expect(readSlot(city, posted, 'slot', hall.id)).toEqual({ refused: 'unreadable' })
  })
})
