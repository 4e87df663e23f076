import type { City, DutyId } from '../../../city/index.ts'
import type { CaseLine } from '../tables.ts'

/** Whether a list offers to close this case; the database asks again. */
export function mayClose(city: City, duties: readonly DutyId[], line: CaseLine): boolean {
  return (
    line.state !== 'closed' &&
    duties.some((id) => {
      const duty = city.duties.get(id)
      return duty?.may.includes('close') === true && duty.topics.includes(line.topic)
    })
  )
}
