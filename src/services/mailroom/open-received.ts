import type { Temporal } from 'temporal-polyfill'
import { sql, type Db } from '../../plumbing/index.ts'
import type { CaseId, TopicId } from '../../city/index.ts'
import { unseal, unsealBytes, unwrap, type DataKey, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import { rawPiece, type Envelope, type Via } from './accept.ts'
import type { MailHouse } from './house.ts'

/** A waiting mail, opened to be sorted. */
export type Opened = Readonly<{
  id: string
  key: DataKey
  topic: TopicId
  address: string
  via: Via
  receivedAt: Temporal.Instant
  envelope: Envelope
  raw: Buffer
  askedCase?: CaseId
  decision?: 'join' | 'separate'
}>

type Handed = {
  mail: string
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  topic: TopicId
  address: string
  via: Via
  received_at: Temporal.Instant
  sealed_envelope: Buffer
  sealed_raw: Buffer | null
  pieces: number
  asked_case: CaseId | null
  decision: 'join' | 'separate' | null
}

/**
 * Opens a waiting mail as the system: the entry is in the ledger, and committed, before the key is handed out. Undefined
 * where it no longer waits. Here alone a whole mail is in memory; mails are sorted one long one at a time.
 */
export async function openReceived(house: MailHouse, mail: string): Promise<Opened | undefined> {
  const { db, keys } = house
  const [opened] = await db.once<{ opening: OpeningId | null }>(sql`select vault.open_for_sorting(${mail}) as opening`)
  if (!opened?.opening) return undefined
  const [handed] = await db.once<Handed>(sql`select * from vault.key_for_sorting(${opened.opening})`)
  if (!handed) return undefined
  const key = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  const envelope = unseal(key, { table: 'received', column: 'sealed_envelope', row: mail }, handed.sealed_envelope)
  return {
    id: mail,
    key,
    topic: handed.topic,
    address: handed.address,
    via: handed.via,
    receivedAt: handed.received_at,
    envelope: JSON.parse(envelope) as Envelope,
    raw: await rawOf(db, key, mail, handed),
    ...(handed.asked_case && { askedCase: handed.asked_case }),
    ...(handed.decision && { decision: handed.decision }),
  }
}

async function rawOf(db: Db, key: DataKey, mail: string, { sealed_raw, pieces }: Handed): Promise<Buffer> {
  if (sealed_raw) return unsealBytes(key, rawPiece(mail, 0), sealed_raw)
  const all: Buffer[] = []
  for (let n = 0; n < pieces; n++) {
    const [piece] = await db.once<{ sealed: Buffer | null }>(
      sql`select mailroom.piece_for_sorting(${mail}, ${n}) as sealed`,
    )
    if (!piece?.sealed) throw new Error('a piece of a kept mail is missing')
    all.push(unsealBytes(key, rawPiece(mail, n), piece.sealed))
  }
  return Buffer.concat(all)
}
