import { createHash } from 'node:crypto'
import type { AgencyId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { fetchRequestId, fetchStatus, type Endpoint } from '../open311/index.ts'
import { endpointOf } from './endpoint.ts'
import type { ReferralOffice } from './house.ts'
import { say } from './messages.ts'
import { writeAnswer } from './take-answer.ts'

type Question = { id: string; agency: AgencyId; their_number: string | null; their_token: string | null }

/** Asks, at most once an hour each, how reports stand that went out by Open311; what is new becomes a message on the case. */
export async function askHowTheyStand(office: ReferralOffice, onFault: (error: unknown) => void): Promise<void> {
  const questions = await office.keeper.once<Question>(sql`select * from referral.lease_questions(4)`)
  for (const question of questions) await askOne(office, question).catch(onFault)
}

async function askOne(office: ReferralOffice, question: Question): Promise<void> {
  const { id, agency } = question
  const takes = office.city.agencies.get(agency)?.takes
  if (takes?.way !== 'open311') return
  const endpoint = endpointOf(office, agency, takes.url)
  const number = question.their_number ?? (await numberOf(office, endpoint, question))
  const status = number === undefined ? undefined : await fetchStatus(endpoint, number)
  if (!status) return
  if ('refused' in status) return
  const notes = status.notes === undefined ? null : createHash('sha256').update(status.notes).digest()
  const [row] = await office.keeper.once<{ news: boolean }>(
    sql`select referral.is_news(${id}, ${status.status}, ${notes}) as news`,
  )
  if (!row?.news) return
  await writeAnswer(office, id, ({ language }) => {
    const name = office.city.agencies.get(agency)?.name[language] ?? agency
    const stands = say(language, status.status === 'closed' ? 'statusClosed' : 'statusOpen')
    const words = [say(language, 'agencySays', { agency: name, status: stands }), status.notes]
      .filter(Boolean)
      .join('\n\n')
    return { words, status: status.status, ...(notes && { notes }) }
  })
}

/** The number of a report of which the other side gave only a token; undefined while there is none. */
async function numberOf(
  { keeper }: ReferralOffice,
  endpoint: Endpoint,
  { id, their_token: token }: Question,
): Promise<string | undefined> {
  const found = token === null ? undefined : await fetchRequestId(endpoint, token)
  if (!found || 'refused' in found) return undefined
  await keeper.once(sql`select referral.learn_number(${id}, ${found.requestId})`)
  return found.requestId
}
