import type { City, Facility } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { CancelReason } from '../in-hand.ts'
import type { KeptBooking } from '../keep-bookings.ts'
import { untilWords } from '../when.ts'
import type { Shown } from './asked.ts'
import { say } from './messages.ts'

/** An address of the bookings desk that shows something else of what is shown. */
export function hrefOf({ facility, day, view }: Shown, other: Partial<Shown> = {}, path = '/desk/bookings'): string {
  const asked = { facility, day, view, ...other }
  return `${path}?facility=${asked.facility.id}&day=${asked.day.toString()}&view=${asked.view}`
}

export function stateWords({ timeZone }: City, { standing }: Pick<KeptBooking, 'standing'>): string {
  switch (standing.state) {
    case 'held':
      return say('en', 'state_held', { until: untilWords('en', timeZone, standing.until) })
    case 'cancelled-by-city':
      return say('en', 'state_cancelled-by-city', { because: becauseWords(standing.because) })
    default:
      return say('en', `state_${standing.state}`)
  }
}

export const becauseWords = (because: CancelReason): string => say('en', `because_${because}`)

/** Court 1, court 2; how many, where they were given back. */
export function whichWords({ unit }: Facility, { units, places }: Pick<KeptBooking, 'units' | 'places'>): string {
  if (!unit) return ''
  return units.length > 0 ? units.map((n) => `${unit.en} ${String(n)}`).join(', ') : `${String(places)} × ${unit.en}`
}

/** It takes up its time, or has. */
export const counts = ({ standing: { state } }: Pick<KeptBooking, 'standing'>): boolean =>
  state !== 'cancelled-by-person' && state !== 'cancelled-by-city'

export function select(
  name: string,
  label: string,
  options: readonly (readonly [value: string, says: string])[],
  chosen?: string,
): Html {
  return html`<div class="ask">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      ${options.map(([value, says]) => html`<option ${attributes({ value, selected: value === chosen })}>${says}</option>`)}
    </select>
  </div>`
}

export function input(
  name: string,
  label: string,
  given: Readonly<Record<string, string | number | boolean | undefined>>,
  { hint, error }: Readonly<{ hint?: string; error?: string | undefined }> = {},
): Html {
  const ids = [error !== undefined && `${name}-error`, hint !== undefined && `${name}-hint`].filter(Boolean).join(' ')
  const its = { id: name, name, autocomplete: 'off', ...given, 'aria-describedby': ids || undefined }
  return html`<div class="ask${error !== undefined && ' wrong'}">
    <label for="${name}">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
    <input ${attributes({ ...its, 'aria-invalid': error === undefined ? undefined : 'true' })} />
  </div>`
}

export function said(words: string | undefined, isWrong: boolean): Html | undefined {
  if (words === undefined) return undefined
  return isWrong ? html`<p class="refused" role="alert">${words}</p>` : html`<p class="said" role="status">${words}</p>`
}
