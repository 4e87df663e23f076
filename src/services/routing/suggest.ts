import { sql, type Tx } from '../../plumbing/index.ts'
import type { City, TopicId } from '../../city/index.ts'
import type { CountedWord } from './words.ts'

/** A topic that the letter's words speak for, and which of them. */
export type Suggestion = Readonly<{ topic: TopicId; because: readonly string[] }>

/** What is known of a topic: the weight of its letters, and of those of them in which each word stood; a letter of today weighs one. */
export type Known = Readonly<{ topic: TopicId; weight: number; words: ReadonlyMap<string, number> }>

/** So many times likelier than the topic it has, or than the next, before anything is said. */
const surely = Math.log(6)
/** A word is named as a reason when it stands so many times oftener in letters about the topic than in others. */
const tells = Math.log(2)
const [fewestReasons, mostReasons] = [2, 3]

/**
 * The topic that the city's own past speaks for, where that is another than the letter has, and surely so: naive Bayes
 * over the words that stand in it. Never for a letter about a sensitive topic, and never to one; the database keeps
 * none of those, and gives nothing of a topic with fewer than 20 letters or of a word in fewer than 5 of them. Nothing
 * is done with it: a clerk reads it, with its words, and moves the letter or does not.
 */
export async function suggest(
  tx: Tx,
  city: City,
  topic: TopicId,
  words: readonly CountedWord[],
): Promise<Suggestion | undefined> {
  if (words.length === 0 || (city.topics.get(topic)?.sensitive ?? true)) return undefined
  return weigh(topic, words, await knownOf(tx, words))
}

async function knownOf(tx: Tx, words: readonly CountedWord[]): Promise<readonly Known[]> {
  const rows = await tx.rows<{ topic: TopicId; topic_weight: number; token: Buffer | null; weight: number | null }>(
    sql`select topic, topic_weight, token, weight from routing.weights(${words.map(({ token }) => token)}::bytea[])`,
  )
  const known = new Map<TopicId, { topic: TopicId; weight: number; words: Map<string, number> }>()
  for (const { topic, topic_weight, token, weight } of rows) {
    const one = known.get(topic) ?? { topic, weight: topic_weight, words: new Map<string, number>() }
    if (token && weight !== null) one.words.set(token.toString('hex'), weight)
    known.set(topic, one)
  }
  return [...known.values()]
}

/** Two topics must be known: of one alone every word would speak for it. */
export function weigh(topic: TopicId, words: readonly CountedWord[], known: readonly Known[]): Suggestion | undefined {
  if (known.length < 2) return undefined
  const told = words
    .map(({ word, token }) => ({ word, token: token.toString('hex') }))
    .filter(({ token }) => known.some(({ words }) => words.has(token)))
  const chance = (of: Known, token: string) => Math.log(((of.words.get(token) ?? 0) + 0.5) / (of.weight + 1))
  const scores = known
    .map((of) => ({ of, score: Math.log(of.weight) + told.reduce((sum, { token }) => sum + chance(of, token), 0) }))
    .sort((a, b) => b.score - a.score)
  const [best] = scores
  const other = scores.find(({ of }) => of.topic === topic) ?? scores[1]
  if (!best || !other || best.of.topic === topic || best.score - other.score < surely) return undefined
  const others = known.filter((of) => of !== best.of)
  const because = told
    .map(({ word, token }) => ({ word, gain: chance(best.of, token) - meanOf(others.map((of) => chance(of, token))) }))
    .filter(({ gain }) => gain >= tells)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, mostReasons)
    .map(({ word }) => word)
  return because.length < fewestReasons ? undefined : { topic: best.of.topic, because }
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
