import {
  districtAt,
  findAddress,
  isRefusal,
  placeAt,
  type KnownPlaces,
  type PlaceId,
  type Point,
} from '../../city/index.ts'
import type { Answer, Answers } from './answering/answer.ts'
import { errorAt, type ErrorCode, type FieldError } from './answering/errors.ts'
import { sorted, type ReadForm } from './answering/read-form.ts'
import type { Field } from './define-field.ts'
import type { FormDefinition } from './define.ts'

type Form = Pick<FormDefinition, 'fields' | 'placeFrom'>
/** What only the city’s list and its map can tell. */
export const lookedUp: ReadonlySet<ErrorCode> = new Set(['not-in-the-city', 'no-such-number', 'not-on-the-map'])

/** A place that the city knows, as it is kept; or what is wrong with it. */
type Settled = Readonly<{ answer: Answer }> | FieldError

/**
 * Where an answer is a place of the city, it is looked up: an address in the city’s list, a point on its map. An address
 * is kept as the city writes it. This very code runs in the browser too, on the same list and outlines.
 */
export function settledIn({ fields }: Pick<Form, 'fields'>, city: KnownPlaces): (read: ReadForm) => ReadForm {
  const places = fields.filter((field) => isLookedUp(field, city))
  if (places.length === 0) return (read) => read
  return (read) => {
    const known = new Set(read.errors.map(({ field }) => field))
    const found = places.flatMap((field) => {
      const answer = read.answers[field.name]
      return typeof answer === 'string' && !known.has(field.name)
        ? [[field.name, settle(field, city, answer)] as const]
        : []
    })
    if (found.length === 0) return read
    const errors = found.flatMap(([, one]) => ('code' in one ? [one] : []))
    const answers = Object.fromEntries(found.flatMap(([name, one]) => ('code' in one ? [] : [[name, one.answer]])))
    return {
      ...read,
      answers: Object.freeze({ ...read.answers, ...answers }),
      errors: errors.length > 0 ? sorted([...read.errors, ...errors], fields) : read.errors,
    }
  }
}

const isLookedUp = ({ kind, 'in-city': inCity }: Field, { addresses }: KnownPlaces): boolean =>
  (kind === 'address' && inCity === true && addresses !== undefined) || kind === 'map-place'

function settle({ name, kind }: Field, city: KnownPlaces, answer: string): Settled {
  if (kind === 'map-place') return isInCity(city, answer) ? { answer } : errorAt(name, 'not-on-the-map')
  const found = findAddress(city, answer)
  if (!found) return { answer }
  if (!isRefusal(found)) return { answer: found.text }
  return found.refused === 'no-such-number'
    ? errorAt(name, 'no-such-number', { street: found.street ?? '' })
    : errorAt(name, 'not-in-the-city')
}

/** A point within the outline of a neighborhood or district, or a neighborhood by its name. */
function isInCity(city: KnownPlaces, answer: string): boolean {
  const point = pointOf(answer)
  if (!point) return city.places.has(answer as PlaceId)
  // A city without a map has no border to be outside of.
  if (!city.map.box) return true
  return placeAt(city, point) !== undefined || districtAt(city, point) !== undefined
}

/** Latitude and longitude of a place on the map; undefined where it is a neighborhood. */
export function pointOf(answer: string): Point | undefined {
  const [lat, long] = answer.split(',').map(Number)
  return long === undefined || lat === undefined || Number.isNaN(lat) || Number.isNaN(long) ? undefined : { lat, long }
}

/** The neighborhood of a letter: the one that was chosen, or that of the address or the point. */
export function placeOf({ fields, placeFrom }: Form, city: KnownPlaces, answers: Answers): PlaceId | undefined {
  const answer = placeFrom === undefined ? undefined : answers[placeFrom]
  if (typeof answer !== 'string') return undefined
  const kind = fields.find(({ name }) => name === placeFrom)?.kind
  if (kind === 'address') {
    const found = findAddress(city, answer)
    return found && !isRefusal(found) ? found.place : undefined
  }
  const point = kind === 'map-place' ? pointOf(answer) : undefined
  return point ? placeAt(city, point) : (answer as PlaceId)
}
