import type { City, Duty } from '../../city/index.ts'
import type { Staff } from '../../trust/need-to-know/index.ts'

/** The duties of hers on which she may record letters; the first is prefilled. The database asks again. */
export function dutiesToRecord(city: City, { duties }: Pick<Staff, 'duties'>): readonly Duty[] {
  return duties.flatMap((id) => city.duties.get(id) ?? []).filter(({ may }) => may.includes('record'))
}
