import type { City, DepartmentId, Topic, TopicId } from '../../city/index.ts'

/** The city's topics as a clerk is offered them: those of her own duties first, then by department. */
export function topicsFor(city: City, own: readonly TopicId[]): readonly Topic[] {
  const all = [...city.topics.values()]
  const hers = new Set(own)
  return [...all.filter(({ id }) => hers.has(id)), ...all.filter(({ id }) => !hers.has(id))]
}

/** The topic that was meant, or those that it could be: none, or several. */
export type TopicMeant = Readonly<{ topic: TopicId }> | Readonly<{ could: readonly Topic[] }>

/**
 * Finds the topic a clerk means by a few letters: its whole name, else every topic in whose name each of her words
 * begins a word, else in its other words. Only one that is alone is taken; she is asked about several.
 */
export function findTopic(city: City, typed: string): TopicMeant {
  const topics = [...city.topics.values()]
  const asked = wordsIn(typed)
  if (asked.length === 0) return { could: [] }
  const exact = topics.filter(({ id, name }) => id === typed.trim() || wordsIn(name.en).join(' ') === asked.join(' '))
  if (exact[0]) return { topic: exact[0].id }
  const begins = (said: string) => asked.every((word) => wordsIn(said).some((one) => one.startsWith(word)))
  const byName = topics.filter(({ name }) => begins(name.en) || begins(name.es))
  const could = byName.length > 0 ? byName : topics.filter((topic) => begins(everythingOf(city, topic)))
  const [only] = could
  return only && could.length === 1 ? { topic: only.id } : { could }
}

function everythingOf(city: City, { name, keywords, department }: Topic): string {
  return [name.en, name.es, keywords?.en, keywords?.es, departmentName(city, department)].join(' ')
}

export function departmentName(city: City, id: DepartmentId, language: 'en' | 'es' = 'en'): string {
  return city.departments.get(id)?.name[language] ?? id
}

function wordsIn(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}
