import { sql } from '../../plumbing/index.ts'
import type { AgencyId } from '../../city/index.ts'
import { fileAsAnswer, keepWithCase } from './file-mail.ts'
import type { MailHouse } from './house.ts'
import type { Opened } from './open-received.ts'
import { putBy } from './put-by.ts'
import type { Mail } from './read-mail.ts'
import type { Reading } from './reading.ts'
import { readBounce, type MailKind } from './recognise.ts'

type Read = Readonly<{ mail: Mail; reading: Reading; kind: MailKind; ownHost: string }>
type About = Readonly<{ agency: AgencyId; itsOwn: boolean }>

/** The referral to whose own address a mail came. */
export const referralIn = ({ address }: Opened): string | undefined =>
  address.startsWith('referral:') ? address.slice('referral:'.length) : undefined

/** Notes that a mail speaks of a referral, which puts it on the desk of its case; undefined where there is none. */
export async function aboutReferral({ db }: MailHouse, { id }: Opened, referral: string): Promise<About | undefined> {
  const [row] = await db.once<{ agency: AgencyId; its_own: boolean }>(
    sql`select agency, its_own from mailroom.about_referral(${id}, ${referral})`,
  )
  return row && { agency: row.agency, itsOwn: row.its_own }
}

/**
 * Sorts what came to a referral's own address, which only that agency was ever told. A mail of the agency's own domain,
 * for which the domain vouches, is its answer; a report of failure says that the referral did not arrive; everybody
 * else's letter waits for a clerk.
 */
export async function sortAgencyMail(house: MailHouse, opened: Opened, referral: string, read: Read): Promise<void> {
  const { mail, reading, kind, ownHost } = read
  const about = await aboutReferral(house, opened, referral)
  if (!about) return putBy(house, opened, 'quarantined', 'letter', 'not-the-agency', reading)
  if (kind === 'bounce') {
    const { forGood, code } = readBounce(opened.raw, ownHost)
    if (forGood) await house.agencies.cameBack(referral, code)
    return keepWithCase(house, opened, 'bounce', reading)
  }
  const { sender } = reading.verdict
  const isTheirs =
    sender === 'verified' && mail.from !== undefined && house.agencies.isOf(about.agency, mail.from.address)
  if (kind === 'letter') {
    if (isTheirs && (await answered(house, opened, referral, read))) return
    return putBy(
      house,
      opened,
      'quarantined',
      'letter',
      sender === 'failed' ? 'sender-failed' : 'not-the-agency',
      reading,
    )
  }
  // What the agency's own programs say ("we have your mail") lies with the case, and changes nothing there.
  if (isTheirs && kind !== 'loop') return keepWithCase(house, opened, 'automatic', reading)
  return putBy(house, opened, 'aside', kind, kind, reading)
}

/** A clerk has joined the mail to the referral's own case: she says that it is the agency's answer. */
export async function joinAgencyMail(house: MailHouse, opened: Opened, referral: string, read: Read): Promise<boolean> {
  const about = await aboutReferral(house, opened, referral)
  return about?.itsOwn === true && (await answered(house, opened, referral, read))
}

async function answered(house: MailHouse, opened: Opened, referral: string, { mail, reading }: Read): Promise<boolean> {
  return fileAsAnswer(house, opened, mail, reading, (words, filing) =>
    house.agencies.takeAnswer(referral, { words, messageId: mail.messageId ?? opened.id, filing }),
  )
}
