import { sql } from '../../plumbing/index.ts'
import { mailDomain, readBounceAddress, recordBounce } from '../correspondence/index.ts'
import { blindToken } from '../../trust/vault/index.ts'
import { isOurs } from './destination.ts'
import { fileAsAddition, fileAsLetter, keepWithCase } from './file-mail.ts'
import type { MailHouse } from './house.ts'
import { openReceived, type Opened } from './open-received.ts'
import { putBy } from './put-by.ts'
import { readMail, type Mail } from './read-mail.ts'
import { readingOf, type Reading } from './reading.ts'
import { ownMails, readBounce, recognise, type MailKind } from './recognise.ts'
import { aboutReferral, joinAgencyMail, referralIn, sortAgencyMail } from './sort-agency-mail.ts'

/** A mail that ended so many tries is not read again: it becomes a letter that cannot be read, with its original. */
const triesToRead = 4

/**
 * Sorts one waiting mail: a letter opens a case; an answer to a case's own address, from a sender the case knows, is
 * added to it; what a program wrote is kept and never answered; what only claims to belong to a case waits for a clerk.
 * It may stop anywhere and run again: each step finds what the one before did.
 */
export async function sort(house: MailHouse, id: string, attempts: number): Promise<void> {
  const opened = await openReceived(house, id)
  if (!opened) return
  const mail = attempts > triesToRead ? unread : await readMail(opened.raw)
  const reading = readingOf(mail, opened.envelope)
  const ownHost = mailDomain(house.city)
  const kind = recognise(mail, {
    ...(opened.envelope.from !== undefined && { envelopeFrom: opened.envelope.from }),
    ownHost,
    isOurs: (address) => isOurs(house, address),
  })
  const referral = referralIn(opened)
  const read = { mail, reading, kind, ownHost }
  if (opened.decision === 'separate') return fileAsLetter(house, opened, mail, reading)
  if (opened.decision === 'join') {
    if (referral !== undefined && (await joinAgencyMail(house, opened, referral, read))) return
    return fileAsAddition(house, opened, mail, reading)
  }
  if (referral !== undefined) return sortAgencyMail(house, opened, referral, read)
  if (kind === 'letter') return sortLetter(house, opened, mail, reading, ownHost)
  return sortProgrammes(house, opened, mail, reading, kind, ownHost)
}

const unread: Mail = { header: new Map(), to: [], subject: '', text: '', refersTo: [], files: [], notes: ['broken'] }

async function sortLetter(
  house: MailHouse,
  opened: Opened,
  mail: Mail,
  reading: Reading,
  ownHost: string,
): Promise<void> {
  const { sender, policy } = reading.verdict
  if (opened.address === 'bounce') return putBy(house, opened, 'quarantined', 'letter', 'other-sender', reading)
  if (opened.askedCase !== undefined) {
    if (!(await fits(house, opened, mail)))
      return putBy(house, opened, 'quarantined', 'letter', 'other-sender', reading)
    if (sender === 'failed') return putBy(house, opened, 'quarantined', 'letter', 'sender-failed', reading)
    return fileAsAddition(house, opened, mail, reading)
  }
  if (reading.quoted.length > 0 || ownMails(mail.refersTo, ownHost).length > 0)
    return putBy(house, opened, 'quarantined', 'letter', 'quoted-number', reading)
  if (sender === 'failed' && policy !== 'none')
    return putBy(house, opened, 'quarantined', 'letter', 'sender-failed', reading)
  return fileAsLetter(house, opened, mail, reading)
}

async function sortProgrammes(
  house: MailHouse,
  opened: Opened,
  mail: Mail,
  reading: Reading,
  kind: Exclude<MailKind, 'letter'>,
  ownHost: string,
): Promise<void> {
  if (kind === 'bounce' || (kind === 'automatic' && opened.address === 'bounce')) {
    const { of, forGood, code } = readBounce(opened.raw, ownHost)
    const addressed = opened.envelope.to.flatMap((to) => readBounceAddress(house, to) ?? [])
    for (const ours of [...addressed, ...of]) {
      if (await ofInvitation(house, opened, ours, kind === 'bounce' && forGood ? code : null)) return
      const [row] = await house.db.once<{ ours: boolean }>(sql`select mailroom.about(${opened.id}, ${ours}) as ours`)
      const referred = row?.ours ? undefined : await aboutReferral(house, opened, ours)
      if (!row?.ours && !referred) continue
      if (kind === 'bounce' && forGood)
        await (referred ? house.agencies.cameBack(ours, code) : recordBounce(house.db, ours, code))
      return keepWithCase(house, opened, kind, reading)
    }
  }
  if (kind === 'automatic' && opened.askedCase !== undefined && (await fits(house, opened, mail)))
    return keepWithCase(house, opened, 'automatic', reading)
  return putBy(house, opened, 'aside', kind, kind, reading)
}

/** An invitation to a survey came back: noted there, and the mail destroyed, since it repeats an address. */
async function ofInvitation({ db }: MailHouse, { id }: Opened, ours: string, code: string | null): Promise<boolean> {
  const [row] = await db.once<{ taken: boolean }>(sql`select surveys.take_bounce(${id}, ${ours}, ${code}) as taken`)
  return row?.taken === true
}

/** Whether the case knows its sender by this address. */
async function fits({ db, keys }: MailHouse, opened: Opened, { from }: Mail): Promise<boolean> {
  if (!from) return false
  const [row] = await db.once<{ fits: boolean }>(
    sql`select mailroom.sender_fits(${opened.id}, ${blindToken(keys, 'email', from.address)}) as fits`,
  )
  return row?.fits === true
}
