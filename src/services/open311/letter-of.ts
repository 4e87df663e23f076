import { placeAt, routed, type PlaceId, type TopicId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import type { Answer, IncomingLetter } from '../correspondence/index.ts'
import { letterOf as letterOfForm, type FieldError, type FormDefinition } from '../forms/index.ts'
import type { Open311House } from './house.ts'
import { say } from './messages.ts'
import { only, type Parameters } from './parameters.ts'
import { isRefused, refuse, type Refused } from './refused.ts'
import { attributesOf, parametersOf, serviceOf } from './services.ts'

/** A position in decimal degrees (WGS 84). */
type Position = Readonly<{ lat: number; long: number }>

const single = ['service_code', 'lat', 'long', 'address_string', 'address_id', 'description'] as const
const contact = ['email', 'first_name', 'last_name', 'phone'] as const
type Given = Readonly<Partial<Record<(typeof single)[number] | (typeof contact)[number], string>>>

/**
 * The letter that a report is: the form “Report a problem” reads and checks it, so a report may say what the form asks and
 * no more. `device_id` and `account_id` are not kept: nothing is done with them. An address of a picture is kept as
 * words; this server never fetches it, since it could be made to ask its neighbours.
 */
export function letterOf(
  house: Open311House,
  form: FormDefinition,
  parameters: Parameters,
  language: Language,
): IncomingLetter | Refused {
  const given: Record<string, string> = {}
  for (const name of [...single, ...contact]) {
    const value = only(parameters, name, language)
    if (isRefused(value)) return value
    if (typeof value === 'string') given[name] = value
  }
  const service = serviceIn(house, given, language)
  if (isRefused(service)) return service
  const position = positionIn(given, language)
  if (isRefused(position)) return position
  const place = placeIn(house, form, parameters, given, language)
  if (isRefused(place)) return place
  const known = place ?? (position && placeAt(house.city, position))
  if (!position && known === undefined && given['address_string'] === undefined)
    return refuse(400, say(language, 'errPlace'))
  const read = form.read(posted(form, parameters, given, service.topic, known, position, language))
  if ('refused' in read) return refuse(400, ...read.errors.map((error) => errorWords(form, error, language)))
  const letter = letterOfForm(house.city, form, read, language)
  const topic = routed(house.city, letter)
  return {
    ...letter,
    topic,
    channel: 'open311',
    answers: [...letter.answers, ...besides(parameters, position, language)],
  }
}

function serviceIn(house: Open311House, given: Given, language: Language): Readonly<{ topic: TopicId }> | Refused {
  const { service_code: code } = given
  if (code === undefined) return refuse(400, say(language, 'errServiceMissing'))
  const topic = serviceOf(house.city, code)
  return topic ? { topic: topic.id } : refuse(404, say(language, 'errService'))
}

function positionIn({ lat, long }: Given, language: Language): Position | undefined | Refused {
  if (lat === undefined && long === undefined) return undefined
  const degrees = (text: string | undefined, most: number): number =>
    text !== undefined && /^[+-]?\d{1,3}(\.\d{1,20})?$/.test(text) && Math.abs(Number(text)) <= most
      ? Math.round(Number(text) * 1e6) / 1e6
      : NaN
  const position = { lat: degrees(lat, 90), long: degrees(long, 180) }
  return Number.isNaN(position.lat) || Number.isNaN(position.long) ? refuse(400, say(language, 'errLat')) : position
}

/** The neighbourhood: as the reporter named it, by `address_id` or by the form's own question. */
function placeIn(
  { city }: Open311House,
  form: FormDefinition,
  parameters: Parameters,
  given: Given,
  language: Language,
): PlaceId | undefined | Refused {
  const asked = form.placeFrom === undefined ? [] : (parameters.get(`attribute[${form.placeFrom}]`) ?? [])
  if (new Set(asked).size > 1)
    return refuse(400, say(language, 'errTwice', { name: `attribute[${form.placeFrom ?? ''}]` }))
  const named = given.address_id ?? asked[0]
  if (named === undefined) return undefined
  const place = city.places.get(named as PlaceId)
  return place ? place.id : refuse(400, say(language, 'errAddressId'))
}

/** The report as the form's fields. What the form cannot do without, and the specification leaves open, is said to be absent. */
function posted(
  form: FormDefinition,
  parameters: Parameters,
  given: Given,
  topic: TopicId,
  place: PlaceId | undefined,
  position: Position | undefined,
  language: Language,
): Record<string, unknown> {
  const { description, address } = parametersOf(form)
  const fields: Record<string, unknown> = {}
  const set = (name: string | undefined, value: unknown) => {
    if (name !== undefined && value !== undefined && value !== '') fields[name] = value
  }
  for (const { name, kind } of attributesOf(form)) {
    const values = [...(parameters.get(`attribute[${name}]`) ?? []), ...(parameters.get(`attribute[${name}][]`) ?? [])]
    set(name, kind === 'several' ? values : values.length > 1 ? values : values[0])
  }
  set(form.topicFrom, topic)
  set(form.placeFrom, place)
  set(description, given.description ?? say(language, 'noDescription'))
  set(address, given.address_string ?? (position && positionWords(position)) ?? place)
  set(form.contact.name, [given.first_name, given.last_name].filter(Boolean).join(' '))
  set(form.contact.email, given.email)
  set(form.contact.telephone, given.phone)
  return fields
}

const positionWords = ({ lat, long }: Position) => `${lat.toFixed(6)}, ${long.toFixed(6)}`
const mostPictures = 10
const longestAddress = 1_000

/** Addresses of pictures, as words. */
export function picturesIn(parameters: Parameters): readonly string[] {
  const given = [...(parameters.get('media_url') ?? []), ...(parameters.get('media_url[]') ?? [])]
  return [...new Set(given)].filter((url) => url.length <= longestAddress).slice(0, mostPictures)
}

function besides(parameters: Parameters, position: Position | undefined, language: Language): readonly Answer[] {
  const kept = picturesIn(parameters)
  const answers: Answer[] = []
  if (position) answers.push({ field: 'position', label: say(language, 'position'), value: positionWords(position) })
  if (kept.length > 0) {
    const label = say(language, kept.length === 1 ? 'picture' : 'pictures')
    answers.push({ field: 'media_url', label, value: kept.join('\n') })
  }
  return answers
}

/** An error under the name that Open311 gives the question; what was sent is not repeated. */
function errorWords(form: FormDefinition, { field, code }: FieldError, language: Language): string {
  const { description, address } = parametersOf(form)
  const names = new Map([
    [description, 'description'],
    [address, 'address_string'],
    [form.contact.name, 'first_name'],
    [form.contact.email, 'email'],
    [form.contact.telephone, 'phone'],
  ])
  const name = names.get(field) ?? `attribute[${field}]`
  if (code === 'missing') return say(language, 'errMissing', { name })
  return say(language, code === 'too-long' ? 'errTooLong' : 'errWrong', { name })
}
