import type { ReadForm } from '../answering/read-form.ts'
import type { FormDefinition } from '../define.ts'
import type { Posted } from './posted-walk.ts'

/**
 * What was posted, as it is shown and carried on: an address that was found stands as the city writes it, and what was
 * chosen in place of it is chosen no more.
 */
export function settledValues({ fields }: FormDefinition, values: Posted, { answers, errors }: ReadForm): Posted {
  const wrong = new Set(errors.map(({ field }) => field))
  const found = fields.filter(
    ({ name, kind, 'in-city': inCity }) =>
      kind === 'address' && inCity && answers[name] !== undefined && !wrong.has(name),
  )
  if (found.length === 0) return values
  const picks = new Set(found.map(({ name }) => `${name}-pick`))
  const kept = Object.entries(values).filter(([name]) => !picks.has(name))
  return { ...Object.fromEntries(kept), ...Object.fromEntries(found.map(({ name }) => [name, answers[name]])) }
}
