import type { City, Power } from './city.ts'
import type { DutyId } from './ids.ts'

/** Whether one of these duties has the power, whatever its topics. For what is offered: the database asks again. */
export function mayDo({ duties }: Pick<City, 'duties'>, held: readonly DutyId[], power: Power): boolean {
  return held.some((id) => duties.get(id)?.may.includes(power))
}
