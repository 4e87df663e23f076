import type { City, RetentionId, Text } from '../../city/index.ts'
import type { FormDefinition } from './define.ts'

/**
 * How long the letters of a form are kept, in words: as long as the longest-kept of its personal answers. A letter that came
 * without a form, or by a minor's (whose answers stand under consents), is kept as letters are.
 */
export function keptFor(city: City, form: FormDefinition | undefined): Text | undefined {
  const classes = (form?.fields ?? []).flatMap(
    ({ privacy }) => (privacy && city.retention.get(privacy.retention)) ?? [],
  )
  return (classes.toSorted((a, b) => b.years - a.years)[0] ?? city.retention.get('letter' as RetentionId))?.text
}
