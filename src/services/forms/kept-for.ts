import type { City, Text } from '../../city/index.ts'
import type { FormDefinition } from './define.ts'

/** How long the letters of a form are kept, in words: as long as the longest-kept of its personal answers. */
export function keptFor(city: City, form: FormDefinition | undefined): Text | undefined {
  const classes = (form?.fields ?? []).flatMap(
    ({ privacy }) => (privacy && city.retention.get(privacy.retention)) ?? [],
  )
  return classes.sort((a, b) => b.years - a.years)[0]?.text
}
