import { createSecretKey } from 'node:crypto'
import { Readable } from 'node:stream'
import type { CaseId } from '../../city/index.ts'
import { openStream, type Db } from '../../plumbing/index.ts'
import { enterReceipt, enterStaff, type PersonActor, type StaffActor } from '../../trust/need-to-know/index.ts'
import { keyInHand, keyOf, open, type Keys } from '../../trust/vault/index.ts'
import type { Cabinet } from './cabinet.ts'
import { findAttachment, type Attachment } from './read-attachments.ts'

export type ReadingHouse = Readonly<{ db: Db; keys: Keys; cabinet: Cabinet }>

/** A file on its way out: bytes are read and opened as they are asked for. A broken file ends with a fault, not with an end. */
export type OpenedFile = Attachment & Readonly<{ content: Readable }>

type NotThere = Readonly<{ refused: 'not-there' }>

/**
 * A file of a case whose envelope is open on this desk: that look covers it. Refusal `not-there`: no such file, case or
 * opening, or the file is not scanned yet; all one answer.
 */
export async function openOnDesk(
  house: ReadingHouse,
  actor: StaffActor,
  caseId: CaseId,
  id: string,
): Promise<OpenedFile | NotThere> {
  const found = await house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    const opened = staff?.caseId === caseId ? await keyInHand(tx, house.keys) : undefined
    return opened && findAttachment(tx, opened.key, id)
  })
  return fetched(house, found)
}

/** A file of the person's own case, hers or the city's. Her look is in the ledger like any other. */
export async function openAtReceipt(
  house: ReadingHouse,
  person: PersonActor,
  id: string,
): Promise<OpenedFile | NotThere> {
  const opening = await open(house.db, person, { purpose: 'own-case', reason: 'own-receipt' })
  if (!opening) return { refused: 'not-there' }
  const found = await house.db.transaction(async (tx) => {
    const opened = (await enterReceipt(tx, person)) && (await keyOf(tx, house.keys, opening))
    return opened && findAttachment(tx, opened.key, id)
  })
  return fetched(house, found)
}

type Found = Attachment & { fileKey: Buffer }

/**
 * The bytes of a file whose key the caller has been handed; undefined where the store has it no more. Destroyed before anything
 * was read, it lets go of the store all the same, which a generator that never began would not.
 */
export async function contentOf(
  { store }: Cabinet,
  { id, fileKey }: Readonly<{ id: string; fileKey: Buffer }>,
): Promise<Readable | undefined> {
  const sealed = await store.get(id)
  if (!sealed) return undefined
  const content = Readable.from(openStream(createSecretKey(fileKey), id, sealed), { objectMode: false })
  return content.once('close', () => sealed.destroy())
}

async function fetched({ cabinet }: ReadingHouse, found: Found | undefined): Promise<OpenedFile | NotThere> {
  if (!found) return { refused: 'not-there' }
  const { fileKey, ...shown } = found
  const content = await contentOf(cabinet, { id: found.id, fileKey })
  if (!content) throw new Error('a file that a case names is gone from the store')
  return { ...shown, content }
}
