import { createSecretKey } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { keepDoing, openStream, sql, type Db, type Language } from '../../../plumbing/index.ts'
import { seal, unwrap, wordTokens, type Keys, type OpeningId, type SubjectId } from '../../../trust/vault/index.ts'
import { isPicture, unsealInside, type Cabinet, type Kind } from '../../attachments/index.ts'
import { readScan, usualReading, type ReadingLimits } from './read-scan.ts'

export type Readers = Readonly<{ keeper: Db; keys: Keys; cabinet: Cabinet; limits?: ReadingLimits }>

const restMs = 1_000
/** The first try and two more. */
const triesAtMost = 3

type Handed = {
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed: Buffer
  kind: Kind
  language: Language
  attempts: number
}

/**
 * Reads the scans of recorded letters until `signal` aborts, one at a time: reading takes a core for seconds, and nobody
 * waits for it. A scan is leased for ten minutes: whoever dies with it leaves it to the next.
 */
export function readScans(readers: Readers, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  const work = async (): Promise<boolean> => {
    const [leased] = await readers.keeper.once<{ id: string }>(sql`select counter.lease_scans(1) as id`)
    if (!leased) return false
    await readOne(readers, leased.id)
    return true
  }
  return keepDoing({ work, every: restMs, onFault, signal })
}

/**
 * Reads one scan: opens its case as the system, which the person reads in her list like any look; seals what it read under
 * her key, and leaves the tokens of its words. What cannot be read is tried twice more, then left: the scan itself is fine.
 */
export async function readOne(readers: Readers, id: string): Promise<void> {
  const { keeper, keys } = readers
  const [opened] = await keeper.once<{ opening: OpeningId }>(
    sql`select opening from vault.open_for('read', ${[id]}::uuid[])`,
  )
  if (!opened) return
  const [handed] = await keeper.once<Handed>(sql`select subject, wrapped_key, kek, sealed, kind, language, attempts
    from vault.key_for_reading(${opened.opening}, ${id})`)
  if (!handed) return
  const key = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  const bytes = await bytesOf(readers, id, unsealInside(key, id, handed.sealed).fileKey)
  const kind = isPicture(handed.kind) ? 'picture' : 'pdf'
  const read = bytes
    ? await readScan({ bytes, kind, language: handed.language }, readers.limits ?? usualReading)
    : ({ refused: 'unreadable' } as const)
  if ('refused' in read) {
    const state = handed.attempts >= triesAtMost ? 'unread' : 'waiting'
    await keeper.once(sql`select counter.settle_scan(${id}, ${state})`)
    return
  }
  const sealed = seal(key, { table: 'reading', column: 'sealed', row: id }, read.text)
  await keeper.once(sql`select counter.settle_scan(${id}, 'read', ${read.how}, ${read.pages}, ${read.ofPages}, ${sealed},
    ${wordTokens(keys, read.text)}::bytea[])`)
}

async function bytesOf({ cabinet }: Readers, id: string, fileKey: Buffer): Promise<Buffer | undefined> {
  const sealed = await cabinet.store.get(id)
  return sealed && buffer(openStream(createSecretKey(fileKey), id, sealed))
}
