import type { Facility, FacilityId } from '../../city/index.ts'
import { inLanguage, type Html, type Language } from '../../plumbing/index.ts'
import { freeSlots, readSlot, slotControl, weekAsked } from '../bookings/index.ts'
import { today, type House } from '../correspondence/index.ts'
import type { FieldError } from './answering/errors.ts'
import type { Posted } from './answering/read-field.ts'
import type { FormDefinition } from './define.ts'
import { errorWords } from './pages/error-words.ts'
import { slotOf } from './what-it-costs.ts'

/**
 * The question in which a time is chosen, with what is free at this moment; undefined where the form books nothing.
 * `typed` are posted values or those of an address (`?slot=community-hall@2026-12-01T18:00Z`).
 */
export async function slotQuestion(
  house: Pick<House, 'city' | 'db' | 'clock'>,
  form: FormDefinition,
  language: Language,
  typed: Posted,
  errors: readonly FieldError[] = [],
): Promise<Html | undefined> {
  const field = slotOf(form)
  if (!field) return undefined
  const { city, db } = house
  const error = errorWords(language, form, errors).find(({ name }) => name === field.name)?.says
  const asked = {
    city,
    name: field.name,
    label: field.label[language],
    ...(field.help && { hint: field.help[language] }),
    ...(error !== undefined && { error }),
    today: today(house),
  }
  const own = field.facility as FacilityId | undefined
  const wish = readSlot(city, typed, field.name, own)
  const chosen = 'refused' in wish ? undefined : wish
  const facility = city.bookings.get(chosen?.facility ?? own ?? ('' as FacilityId))
  if (!facility)
    return slotControl(language, {
      ...asked,
      facility: undefined,
      offered: bookedOn(form, [...city.bookings.values()]),
    })
  const week = weekAsked(
    facility,
    asked.today,
    typed[`${field.name}-week`] ?? chosen?.start.toZonedDateTimeISO(city.timeZone).toPlainDate().toString(),
  )
  return slotControl(language, {
    ...asked,
    facility,
    week,
    slots: await freeSlots(db, facility, week, 7),
    ...(chosen && { chosen }),
    hrefOf: (monday) => inLanguage(language, `/bookings/${facility.id}?week=${monday.toString()}`),
  })
}

const bookedOn = ({ id }: FormDefinition, all: readonly Facility[]) => all.filter(({ form }) => form === id)
