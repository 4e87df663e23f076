import type { TopicId } from '../../city/index.ts'
import { inBatches, sql, type Db, type Sql } from '../../plumbing/index.ts'
import { newDataKey, seal, sealBytes, type DataKey, type SubjectId, type WrappedKey } from '../../trust/vault/index.ts'
import { newId } from '../correspondence/index.ts'
import type { Verdict } from './check-sender.ts'
import { fieldOf, headerOf } from './content-trouble.ts'
import type { Destination } from './destination.ts'
import type { Held } from './hold.ts'
import type { MailHouse } from './house.ts'
import { longestInAll } from './sizes.ts'

export type Via = 'smtp' | 'imap' | 'file'

/** What is known of a mail besides itself. It is sealed with it. */
export type Envelope = Readonly<{
  /** MAIL FROM; empty for a bounce. Absent where nobody said. */
  from?: string
  to: readonly string[]
  verdict: Verdict
}>

export type Accepted =
  Readonly<{ accepted: readonly string[]; again: boolean }> | Readonly<{ refused: 'too-long-for-so-many' }>

/**
 * Accepts a mail: seals it under a new key for a subject of its own, once for each destination, and writes it with its
 * ledger entry in one transaction. It is durable when this answers; a fault means that nothing was kept. The same mail
 * again (a sender who missed our answer) changes nothing. Whoever calls releases what was held.
 */
export async function accept(
  house: MailHouse,
  via: Via,
  held: Held,
  envelope: Envelope,
  destinations: readonly Destination[],
): Promise<Accepted> {
  const places = [...new Map(destinations.map((one) => [placeOf(one), one])).values()]
  if (places.length > 1 && held.bytes * places.length > longestInAll) return { refused: 'too-long-for-so-many' }
  const mails = places.map((place) => sealed(house, held, envelope, place))
  const outcomes =
    held.count === 0
      ? await Promise.all(mails.map(slotOf(house.db, via)))
      : await keepInPieces(house.db, via, mails, held)
  return { accepted: mails.map(({ id }) => id), again: outcomes.every((outcome) => outcome === 'again') }
}

/** Two destinations are one place where the same desk reads both; each case and each referral is a place of its own. */
const placeOf = ({ topic, number, address }: Destination): string =>
  `${topic}|${String(number ?? '')}${address.startsWith('referral:') ? `|${address}` : ''}`

type Outcome = 'accepted' | 'again'

/** A mail as the database takes it: nothing in it can be read without the city's keys. */
type SealedMail = Readonly<{
  id: string
  topic: TopicId
  number: number | null
  address: string
  bytes: number
  digest: Buffer
  key: DataKey
  stored: WrappedKey
  envelope: Buffer
  raw: Buffer | null
  pieces: number
}>

function sealed({ keys }: MailHouse, held: Held, envelope: Envelope, place: Destination): SealedMail {
  const id = newId()
  const { key, stored } = newDataKey(keys, newId() as SubjectId)
  const messageId = fieldOf(headerOf(held.head.toString('latin1')), 'message-id') ?? ''
  return {
    id,
    topic: place.topic,
    number: place.number ?? null,
    address: place.address,
    bytes: held.bytes,
    digest: keys.mac('mail', Buffer.concat([Buffer.from(`mail|${messageId}|${placeOf(place)}|`), held.digest])),
    key,
    stored,
    envelope: seal(key, { table: 'received', column: 'sealed_envelope', row: id }, JSON.stringify(envelope)),
    raw: held.count === 0 ? sealBytes(key, rawPiece(id, 0), held.head) : null,
    pieces: held.count,
  }
}

export const rawPiece = (id: string, n: number) => ({ table: 'received', column: 'raw', row: `${id}/${String(n)}` })

/** Each database has one slot a way in, through which short mails go together. */
type Slot = (mail: SealedMail) => Promise<Outcome>
const slots = new WeakMap<Db, Map<Via, Slot>>()

function slotOf(db: Db, via: Via): Slot {
  const here = slots.get(db) ?? new Map<Via, Slot>()
  slots.set(db, here)
  const known = here.get(via)
  if (known) return known
  const slot = inBatches<SealedMail, Outcome>(32, async (mails) =>
    outcomesOf(mails, await db.once(accepting(via, mails))),
  )
  here.set(via, slot)
  return slot
}

/** A long mail goes alone, piece by piece, all in one transaction: memory holds one piece at a time. */
function keepInPieces(db: Db, via: Via, mails: readonly SealedMail[], held: Held): Promise<readonly Outcome[]> {
  return db.transaction(async (tx) => {
    const outcomes = outcomesOf(mails, await tx.rows(accepting(via, mails)))
    const fresh = mails.filter((_, n) => outcomes[n] === 'accepted')
    let n = 0
    if (fresh.length > 0)
      for await (const piece of held.pieces()) {
        for (const { id, key } of fresh)
          await tx.rows(sql`select mailroom.keep_piece(${id}, ${n}, ${sealBytes(key, rawPiece(id, n), piece)})`)
        n += 1
      }
    return outcomes
  })
}

function outcomesOf(mails: readonly SealedMail[], rows: readonly { mail: string; outcome: Outcome }[]): Outcome[] {
  const outcomes = new Map(rows.map(({ mail, outcome }) => [mail, outcome]))
  return mails.map(({ id }) => {
    const outcome = outcomes.get(id)
    if (outcome === undefined) throw new Error('accepting a mail gave no outcome')
    return outcome
  })
}

function accepting(via: Via, mails: readonly SealedMail[]): Sql {
  const each = <T>(of: (mail: SealedMail) => T) => mails.map(of)
  return sql`select mail, outcome from mailroom.accept(${via}, ${each((m) => m.id)}, ${each((m) => m.topic)},
    ${each((m) => m.number)}, ${each((m) => m.address)}, ${each((m) => m.bytes)}, ${each((m) => m.digest)},
    ${each((m) => m.key.subject)}, ${each((m) => m.stored.wrapped)}, ${each((m) => m.stored.kek)},
    ${each((m) => m.envelope)}, ${each((m) => m.raw)}, ${each((m) => m.pieces)})`
}
