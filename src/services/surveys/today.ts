import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../city/index.ts'
import type { Clock } from '../../plumbing/index.ts'

/** The day where the city is. A survey knows no finer time. */
export function today({ city, clock }: Readonly<{ city: City; clock: Clock }>): Temporal.PlainDate {
  return clock.now().toZonedDateTimeISO(city.timeZone).toPlainDate()
}
