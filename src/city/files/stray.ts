import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { nearest, type Mistake } from '../../plumbing/index.ts'

const known = [
  'activities.yaml', 'addresses.csv', 'agencies.yaml', 'bookings.yaml', 'calendar.yaml', 'city.yaml', 'consent.yaml', 'council.yaml',
  'departments.yaml', 'districts.geojson', 'duties.yaml', 'legal-bases.yaml', 'minimisation.yaml', 'payments.yaml', 'places.yaml',
  'policy.yaml', 'retention.yaml', 'routing.yaml', 'surveys.yaml', 'templates.yaml', 'topics.yaml',
] // prettier-ignore

/** Files that nobody reads: a name with a slip in it would leave a whole part of the city out without a word. */
export function strayFiles(folder: string): Mistake[] {
  return readdirSync(folder)
    .filter((name) => /\.(ya?ml|csv|geojson|json)$/i.test(name) && !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known)
      const says = `“${name}” is no file of a city.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
      return { file: join(folder, name), line: 1, column: 1, says, allowed: known.join(', ') }
    })
}
