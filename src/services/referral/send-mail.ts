import { Temporal } from 'temporal-polyfill'
import { mailLook } from '../../city/look/index.ts'
import { sql, type MailedFile, type OutgoingMail, type Sending } from '../../plumbing/index.ts'
import { contentOf, kinds, unsealInside } from '../attachments/index.ts'
import { mailDomain } from '../correspondence/index.ts'
import type { LeavingFile } from './fields.ts'
import type { ReferralOffice } from './house.ts'
import type { Leaving } from './leaving.ts'
import type { OpenedReferral } from './open-for-referral.ts'
import { referralAddress } from './referral-address.ts'

type ByMail = Extract<Leaving, { way: 'email' }>

/** Mails one referral with the files that were looked over, or says why not: `kept` where the city has no mail server. */
export async function mailReferral(
  office: ReferralOffice,
  id: string,
  handed: OpenedReferral,
  leaving: ByMail,
): Promise<Sending | Readonly<{ refused: 'kept' }>> {
  if (!office.mailer) return { refused: 'kept' }
  const files = await filesOf(office, id, handed, leaving.files)
  // A file that is gone, or was found harmful since: the mail would not be what was looked over.
  if (!files) return { refused: 'for-good', code: 'file-gone' }
  return office.mailer.send(mailOf(office, id, handed, leaving), files)
}

type Row = { code: string; id: string; sealed: Buffer }

async function filesOf(
  { keeper, cabinet }: ReferralOffice,
  id: string,
  { key, opening }: OpenedReferral,
  leaving: readonly LeavingFile[],
): Promise<readonly MailedFile[] | undefined> {
  if (leaving.length === 0) return []
  const rows = await keeper.once<Row>(sql`select code, id, sealed from referral.files_leaving(${opening}, ${id})`)
  const files: MailedFile[] = []
  for (const { code, name, kind } of leaving) {
    const row = rows.find((one) => one.code === code)
    const { fileKey } = row ? unsealInside(key, row.id, row.sealed) : {}
    const content = row && fileKey && (await contentOf(cabinet, { id: row.id, fileKey }))
    if (!content) return undefined
    files.push({ name, type: kinds[kind].type, content })
  }
  return files
}

/** From the department, answered and failing at the referral's own address. */
function mailOf({ city, keys }: ReferralOffice, id: string, handed: OpenedReferral, leaving: ByMail): OutgoingMail {
  const topic = city.topics.get(handed.topic)
  const name = `${(topic && city.departments.get(topic.department)?.name.en) ?? ''}, ${city.name.en}`
  const address = referralAddress({ keys, city }, id)
  return {
    to: leaving.to,
    from: { name, address: city.contact.email },
    replyTo: address,
    returnTo: address,
    subject: leaving.subject,
    ...mailLook(city, 'en', { from: name, title: leaving.title, subject: leaving.subject, parts: leaving.parts }),
    language: 'en',
    date: Temporal.Now.instant().toString({ smallestUnit: 'second' }),
    messageId: `${id}@${mailDomain(city)}`,
    references: [],
  }
}
