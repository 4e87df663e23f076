import type { City, Reason } from '../../../city/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'

/** The closed list of reasons of her first duty with the power `consent`, as the database asks for them. */
export function reasonsOf(city: City, { duties }: Pick<Staff, 'duties'>): readonly Reason[] {
  const known = [...duties].sort().flatMap((id) => city.duties.get(id) ?? [])
  return known.find(({ may }) => may.includes('consent'))?.reasons ?? []
}
