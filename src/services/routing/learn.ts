import { sql } from '../../plumbing/index.ts'
import { readLetters, type Learner } from '../correspondence/index.ts'
import { wordsToCount } from './words.ts'
import type { House } from '../correspondence/index.ts'

/** A move says what a letter is about more surely than an answer, which may only be kind. */
const times = { answered: 1, moved: 3 } as const

/**
 * Learns which words stand in letters about which topic, from what clerks do with letters they have open: one who
 * answers says that the topic is right, one who moves says which is. Counts of keyed hashes, once a letter and topic;
 * nothing of a letter that was or becomes one about a sensitive topic.
 *
 * A count is not undone when a person's data is destroyed: no word is used or shown that stood in fewer than five
 * letters about a topic, so none tells of one person (docs/decisions/0018).
 */
export function learner(house: Pick<House, 'keys' | 'city'>): Learner {
  return async (tx, { line, key }) => {
    if (house.city.topics.get(line.topic)?.sensitive ?? true) return undefined
    const words = wordsToCount(house.keys, house.city, await readLetters(tx, key))
    if (words.length === 0) return undefined
    const tokens = words.map(({ token }) => token)
    return async (how) => {
      await tx.rows(sql`select routing.learn(${tokens}::bytea[], ${times[how]}::double precision)`)
    }
  }
}
