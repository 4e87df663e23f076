import { sql } from '../../plumbing/index.ts'
import { sealReading } from './file-mail.ts'
import type { MailHouse } from './house.ts'
import type { Opened } from './open-received.ts'
import type { Reading } from './reading.ts'
import type { MailKind } from './recognise.ts'

/** Puts a mail where a clerk decides, or where nothing is expected, with what was read in it. */
export async function putBy(
  house: MailHouse,
  opened: Opened,
  state: 'quarantined' | 'aside',
  kind: MailKind,
  why: string,
  reading: Reading,
): Promise<void> {
  await house.db.once(
    sql`select mailroom.put_by(${opened.id}, ${state}, ${kind}, ${why}, ${sealReading(opened, reading)})`,
  )
}
