import type { City, TopicId } from '../../../city/index.ts'
import { isMistaken, type Db, type Mistake } from '../../../plumbing/index.ts'
import { readDraft } from '../building/draft.ts'
import { saveDraftAsOperator } from '../building/save-draft.ts'

/** An imported form as it stands at the desk: a draft of the department of its topic. */
export type OnDesk = Readonly<{ form: string; version: number; topic: TopicId }>

/** `open`: a draft of this form is at the desk already. `not-a-draft`: not even the beginning of a form of ours. */
export type NotOnDesk =
  Readonly<{ refused: 'open' }> | Readonly<{ refused: 'not-a-draft'; mistakes: readonly Mistake[] }>

/**
 * Puts what was imported at the desk at once, by the same act as any draft, so the ledger tells of it. A topic that the city
 * does not have becomes `otherwise`: where letters of no topic go; the desk can change it. Published it is by nobody but a clerk.
 */
export async function importToDesk(
  owner: Db,
  city: City,
  { draft }: Readonly<{ draft: Readonly<{ topic: string }> }>,
  otherwise: TopicId,
): Promise<OnDesk | NotOnDesk> {
  const topic = city.topics.has(draft.topic as TopicId) ? (draft.topic as TopicId) : otherwise
  const read = readDraft({ ...draft, topic })
  if (isMistaken(read)) return { refused: 'not-a-draft', mistakes: read.mistakes }
  const saved = await owner.transaction((tx) => saveDraftAsOperator(tx, read))
  return 'refused' in saved ? { refused: 'open' } : { form: read.id, version: saved.version, topic }
}
