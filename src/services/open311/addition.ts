import type { TopicId } from '../../city/index.ts'
import { sql, type Language } from '../../plumbing/index.ts'
import { seal, unwrap, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import { checkWords, dueOn, today } from '../correspondence/index.ts'
import type { Admitted } from './admit.ts'
import type { Answer } from './answer.ts'
import type { Open311House } from './house.ts'
import { say } from './messages.ts'
import { picturesIn } from './letter-of.ts'
import { only, type Parameters } from './parameters.ts'
import { isRefused, refuse, type Refused } from './refused.ts'
import { repeatMinutes } from './report.ts'

export const statuses = [
  'OPEN',
  'CLOSED',
  'INVESTIGATING',
  'IN_PROGRESS',
  'ACTION_SCHEDULED',
  'FIXED',
  'DUPLICATE',
  'NOT_COUNCILS_RESPONSIBILITY',
  'NO_FURTHER_ACTION',
  'INTERNAL_REFERRAL',
] as const

const longest = 4_000
type Given = Readonly<{ number: number; words: string; marks: string }>

/**
 * A program tells what came since, of a case it brought: it becomes an addition, sealed like the letter. The state it
 * tells stands in the words; only a clerk closes a case. Refusals: 400; 404 for a case that is not there or not its own,
 * which are one answer.
 */
export async function addition(
  house: Open311House,
  by: Admitted,
  parameters: Parameters,
  language: Language,
): Promise<Answer | Refused> {
  const given = givenIn(parameters, language)
  if (isRefused(given)) return given
  const notThere = refuse(404, say(language, 'errRequest'))
  const [used] = await house.db.once<{ opening: OpeningId | null }>(
    sql`select open311.use_key(${by.secret}, ${given.number}) as opening`,
  )
  if (!used?.opening) return notThere
  const [handed] = await house.db.once<{ subject: SubjectId; wrapped_key: Buffer; kek: string; topic: TopicId }>(
    sql`select * from open311.key_for_addition(${by.secret}, ${given.number}, ${used.opening})`,
  )
  if (!handed) return notThere
  const key = unwrap(house.keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  const bucket = Math.floor(house.clock.now().epochMilliseconds / (repeatMinutes * 60_000))
  const [message, before] = [bucket, bucket - 1].map((one) => idOf(house, by, given, one)) as [string, string]
  const sealed = seal(key, { table: 'message', column: 'sealed', row: message }, JSON.stringify({ words: given.words }))
  const due = dueOn(house.city, handed.topic, today(house))
  const [added] = await house.db.once<{ outcome: string }>(
    sql`select open311.add(${by.secret}, ${given.number}, ${message}, ${before}, ${sealed}, ${due}) as outcome`,
  )
  if (added?.outcome !== 'done' && added?.outcome !== 'again') return notThere
  const update = { update_id: given.marks || message }
  return { root: 'service_request_updates', inside: { item: 'request_update', things: [update] } }
}

function givenIn(parameters: Parameters, language: Language): Given | Refused {
  const said: Record<string, string> = {}
  for (const name of ['service_request_id', 'update_id', 'status', 'description', 'updated_datetime']) {
    const value = only(parameters, name, language)
    if (isRefused(value)) return value
    if (typeof value === 'string') said[name] = value
  }
  const number = said['service_request_id']
  if (number === undefined) return refuse(400, say(language, 'errMissing', { name: 'service_request_id' }))
  if (!/^\d{1,15}$/.test(number)) return refuse(404, say(language, 'errRequest'))
  const status = said['status']?.toUpperCase()
  if (status !== undefined && !statuses.some((one) => one === status))
    return refuse(400, say(language, 'errUpdateStatus'))
  const { description } = said
  if (description === undefined && status === undefined)
    return refuse(400, say(language, 'errMissing', { name: 'description' }))
  const pictures = picturesIn(parameters)
  const lines = [description, ...pictures, status && say(language, 'updateStatus', { status })].filter(Boolean)
  const checked = checkWords(lines.join('\n\n'))
  if ('refused' in checked || [...(description ?? '')].length > longest)
    return refuse(400, say(language, 'errTooLong', { name: 'description' }))
  return { number: Number(number), words: checked.words, marks: (said['update_id'] ?? '').slice(0, 200) }
}

/** The message's identifier: of the same words, or of the program's own identifier, the same. A UUID of version 8. */
function idOf(house: Open311House, by: Admitted, { number, words, marks }: Given, bucket: number): string {
  const said = JSON.stringify([by.client, number, marks === '' ? [bucket, words] : marks])
  const hex = house.keys.mac('open311', `update|${said}`).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
