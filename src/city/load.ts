import { existsSync } from 'node:fs'
import { inOrder, isMistaken } from '../plumbing/index.ts'
import type { Mistake, OpenYaml } from '../plumbing/index.ts'
import type { City } from './city.ts'
import { assemble } from './files/assemble.ts'
import { checkFacts } from './files/check-facts.ts'
import { checkReferences } from './files/check-references.ts'
import { checkTemplates } from './files/check-templates.ts'
import { readActivities } from './files/read-activities.ts'
import { readAddresses } from './files/read-addresses.ts'
import { readBookings } from './files/read-bookings.ts'
import { readConsent } from './files/read-consent.ts'
import { readCityFiles } from './files/read.ts'
import { readMap } from './files/read-map.ts'
import { readPayments } from './files/read-payments.ts'
import { readRouting } from './files/read-routing.ts'
import { readSample } from './files/read-sample.ts'
import { strayFiles } from './files/stray.ts'
import { readWordmark } from './files/wordmark.ts'
import type { Refusal } from './refusal.ts'

export type CityFilesRefused = Refusal<'city-files', { mistakes: readonly Mistake[] }>

/**
 * Reads the city's folder: all of it, or nothing. Every mistake is told at once, with file, line and what is allowed;
 * whether the files agree is asked once each is right on its own. The sample is read where there is a folder `sample`.
 * `open`: what opens the forms' files, where somebody reads these files after us.
 */
export function loadCity(folder: string, open?: OpenYaml): City | CityFilesRefused {
  const files = readCityFiles(folder)
  if (isMistaken(files)) return refuse([...files.mistakes, ...(existsSync(folder) ? strayFiles(folder) : [])])
  const wordmark = readWordmark(folder, files.city)
  const mistakes = [...strayFiles(folder), ...checkReferences(files), ...checkFacts(files), ...checkTemplates(files)]
  if (isMistaken(wordmark)) return refuse([...mistakes, ...wordmark.mistakes])
  if (mistakes.length > 0) return refuse(mistakes)
  const facts = assemble(files, wordmark)
  const map = readMap(folder, facts)
  const routing = readRouting(folder, facts, isMistaken(map) ? undefined : map)
  const bookings = readBookings(folder, facts, open)
  const activities = readActivities(folder, facts, open)
  const payments = readPayments(folder, facts)
  const consent = readConsent(folder, facts, isMistaken(bookings) ? undefined : bookings)
  const addresses = readAddresses(folder, facts)
  const read = [map, routing, bookings, activities, payments, consent, addresses]
  if (
    isMistaken(map) ||
    isMistaken(routing) ||
    isMistaken(bookings) ||
    isMistaken(activities) ||
    isMistaken(payments) ||
    isMistaken(consent) ||
    isMistaken(addresses)
  )
    return refuse(read.flatMap((one) => (isMistaken(one) ? one.mistakes : [])))
  const optional = { ...(payments && { payments }), ...(consent && { consent }), ...(addresses && { addresses }) }
  const city = { ...facts, map, routing, bookings, activities, ...optional }
  const sample = readSample(folder, city)
  if (sample === undefined) return frozen(city)
  return isMistaken(sample) ? refuse(sample.mistakes) : frozen({ ...city, sample })
}

const refuse = (mistakes: readonly Mistake[]): CityFilesRefused => ({
  refused: 'city-files',
  mistakes: inOrder(mistakes),
})

/** Freezes the words and lists in every table. A Map cannot be frozen: its type has no way to write. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (value instanceof Map) for (const entry of value.values()) frozen(entry)
  else if (Array.isArray(value) || prototype === Object.prototype) {
    Object.freeze(value)
    for (const entry of Object.values(value)) frozen(entry)
  }
  return value
}
