import { DatabaseFault } from '../../plumbing/index.ts'
import type { PlaceId, TopicId } from '../../city/index.ts'
import { readToken, type House } from '../correspondence/index.ts'
import { reportedNear, type ReportedNear } from '../routing/index.ts'
import type { FormDefinition } from './define.ts'

/** What was reported of the same problem in the same neighborhood. */
export type Near = Readonly<{ topic: TopicId; place: PlaceId; reports: readonly ReportedNear[] }>

/** A code of a server that is there; classes 08 and 57 are of one that is gone or going. */
const answered = /^(?!08|57)[0-9A-Z]{5}$/

/**
 * What to show before a letter is taken: only of a form that says so, only where its page asked for it, and only once.
 * Asked by topic and neighborhood alone. When it cannot be told, the letter
 * matters more; a database that is away would only be waited for twice, and is thrown.
 */
export async function nearBefore(
  house: House,
  form: FormDefinition,
  posted: Readonly<Record<string, unknown>>,
): Promise<Near | undefined> {
  if (form.duplicates === undefined || posted['first'] !== 'near') return undefined
  const read = form.read(posted)
  if ('refused' in read || read.place === undefined) return undefined
  const { topic, place } = read
  const token = typeof posted['token'] === 'string' ? readToken(house.keys, posted['token']) : undefined
  try {
    const reports = await reportedNear(house, topic, place, token)
    return reports.length > 0 ? { topic, place, reports } : undefined
  } catch (error) {
    if (error instanceof DatabaseFault && answered.test(error.code ?? '')) return undefined
    throw error
  }
}
