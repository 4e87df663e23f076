import { sql, type Reader } from '../../plumbing/index.ts'
import type { DataKey } from '../../trust/vault/index.ts'
import type { AttachmentState } from './cabinet.ts'
import type { Kind } from './kinds.ts'
import { unsealInside } from './seal-names.ts'

/** A file of a message, as it may be shown while the message may be read. */
export type Attachment = Readonly<{
  id: string
  /** The message it came with. */
  messageId: string
  kind: Kind
  bytes: number
  state: AttachmentState
  name: string
}>

type Row = { id: string; message_id: string; kind: Kind; bytes: number; state: AttachmentState; sealed: Buffer }

/** The files of the case in hand that whoever entered may see, in the order of the messages. */
export async function readAttachments(tx: Reader, key: DataKey): Promise<readonly Attachment[]> {
  return (await rowsInHand(tx)).map((row) => shown(row, unsealInside(key, row.id, row.sealed).name))
}

/** One ready file of the case in hand, with the key to its bytes; undefined where there is none for whoever entered. */
export async function findAttachment(
  tx: Reader,
  key: DataKey,
  id: string,
): Promise<(Attachment & { fileKey: Buffer }) | undefined> {
  const row = (await rowsInHand(tx)).find((one) => one.id === id && one.state === 'ready')
  if (!row) return undefined
  const { name, fileKey } = unsealInside(key, row.id, row.sealed)
  return { ...shown(row, name), fileKey }
}

function rowsInHand(tx: Reader): Promise<Row[]> {
  return tx.rows<Row>(sql`select id, message_id, kind, bytes, state, sealed from attachments.in_hand()`)
}

function shown({ id, message_id: messageId, kind, bytes, state }: Row, name: string): Attachment {
  return { id, messageId, kind, bytes, state, name }
}
