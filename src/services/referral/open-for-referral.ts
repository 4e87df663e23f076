import type { AgencyId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { unwrap, type DataKey, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import type { ReferralOffice } from './house.ts'

type Handed = {
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  number: number
  topic: TopicId
  language: 'en' | 'es'
  agency: AgencyId
  sealed: Buffer
}
export type OpenedReferral = Handed & Readonly<{ key: DataKey; opening: OpeningId }>

/** Opens the case of a referral as the system, which the person reads in her list; undefined where it may not. */
export async function openForReferral(
  { keeper, keys }: Pick<ReferralOffice, 'keeper' | 'keys'>,
  id: string,
  reason: 'send' | 'answer',
): Promise<OpenedReferral | undefined> {
  const [opened] = await keeper.once<{ opening: OpeningId }>(
    sql`select opening from vault.open_for(${reason === 'send' ? 'refer' : 'hear'}, ${[id]}::uuid[])`,
  )
  if (!opened) return undefined
  const [handed] = await keeper.once<Handed>(sql`select * from vault.key_for_referral(${opened.opening}, ${id})`)
  if (!handed) return undefined
  const key = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  return { ...handed, key, opening: opened.opening }
}
