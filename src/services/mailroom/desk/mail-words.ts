import type { City } from '../../../city/index.ts'
import { say } from './messages.ts'
import type { UndecidedLine } from './undecided.ts'

/** What a list says of a mail's topic: of a sensitive one the department only. */
export function topicInList(city: City, { topic }: UndecidedLine): Readonly<{ words: string; sensitive: boolean }> {
  const known = city.topics.get(topic)
  if (!known?.sensitive) return { words: known?.name.en ?? topic, sensitive: false }
  return { words: city.departments.get(known.department)?.name.en ?? known.department, sensitive: true }
}

/** Why it waits. */
export const whyWords = ({ why }: UndecidedLine): string => say('en', `why-${why}` as 'why-loop')
