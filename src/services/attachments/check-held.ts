import { keepDoing, sql, type Db } from '../../plumbing/index.ts'
import { unwrap, type Keys, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import type { AttachmentState, Cabinet } from './cabinet.ts'
import { scanKept } from './scan.ts'
import { unsealInside } from './seal-names.ts'

export type Checking = Readonly<{ keeper: Db; keys: Keys; cabinet: Cabinet }>

const atOnce = 4
const restMs = 2_000

/**
 * Scans what is held until `signal` aborts. It first finds out, with nothing opened, whether the scanner answers: while
 * it does not, no case is opened in vain, and no person reads of looks that led to nothing.
 */
export function checkHeldFiles(
  checking: Checking,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const work = async (): Promise<boolean> => {
    if (!(await scannerAnswers(checking.cabinet))) return false
    const leased = await checking.keeper.once<{ id: string }>(sql`select attachments.lease_held(${atOnce}) as id`)
    const done = await Promise.allSettled(leased.map(({ id }) => checkHeld(checking, id)))
    for (const one of done) if (one.status === 'rejected') onFault(one.reason)
    return leased.length === atOnce
  }
  return keepDoing({ work, every: restMs, onFault, signal })
}

/** Without a scanner what is held stays held: a setting that was forgotten must not let anything go. */
async function scannerAnswers({ scanner }: Cabinet): Promise<boolean> {
  return scanner !== undefined && (await scanner.scan(nothing())) === 'clean'
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/**
 * Scans one held file: opens its case as the system, which the person reads in her list like any look, and settles it. It
 * may run twice for one file (a crash before settling); the second time the file may be gone already.
 */
export async function checkHeld({ keeper, keys, cabinet }: Checking, id: string): Promise<void> {
  if (!cabinet.scanner) return
  const [opened] = await keeper.once<{ opening: OpeningId }>(
    sql`select opening from vault.open_for('scan', ${[id]}::uuid[])`,
  )
  if (!opened) return
  const [handed] = await keeper.once<Handed>(
    sql`select subject, wrapped_key, kek, sealed from vault.key_for_scan(${opened.opening}, ${id})`,
  )
  if (!handed) return
  const key = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  await settle(keeper, id, await scanAgain(cabinet, id, unsealInside(key, id, handed.sealed).fileKey))
}

type Handed = { subject: SubjectId; wrapped_key: Buffer; kek: string; sealed: Buffer }

async function scanAgain(cabinet: Cabinet, id: string, fileKey: Buffer): Promise<AttachmentState> {
  return (await cabinet.store.has(id)) ? scanKept(cabinet, { id, fileKey }) : 'refused'
}

async function settle(keeper: Db, id: string, state: AttachmentState): Promise<void> {
  await keeper.once(sql`select attachments.settle(${id}, ${state})`)
}
