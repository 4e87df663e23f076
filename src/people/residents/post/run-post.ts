import { mailLook } from '../../../city/look/index.ts'
import type { City } from '../../../city/index.ts'
import { keepDoing, sql, type Db, type Language, type Mailer, type OutgoingMail } from '../../../plumbing/index.ts'
import { unseal, unwrap, type Keys, type OpeningId, type SubjectId } from '../../../trust/vault/index.ts'
import { mailAt, type MailWords } from '../mail-at.ts'

/** What the post to people needs. `codesOnDesk`: the sample city, where a code that cannot be mailed may be read on the desk. */
export type ResidentsOffice = Readonly<{ keeper: Db; keys: Keys; city: City; codesOnDesk: boolean; mailer?: Mailer }>

type Handed = {
  mail: string
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed: Buffer
  kind: string
  language: Language
  written_at: { toString(options: { smallestUnit: 'second' }): string }
}

const atOnce = 8
const restMs = 250

/** Delivers what waits for people until `signal` aborts; any number of workers may do so side by side. */
export function runResidentsPost(
  office: ResidentsOffice,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  return keepDoing({ work: () => postToPeople(office, onFault), every: restMs, onFault, signal })
}

/**
 * One round: leases what is due and opens each as the system, with an entry of whom it is about; that commits before a key is
 * given. A mail whose key went in between (a consent that ended, a code that was used) is not sent. True: more may wait.
 */
export async function postToPeople(office: ResidentsOffice, onFault: (error: unknown) => void): Promise<boolean> {
  const leased = await office.keeper.once<{ mail: string; opening: OpeningId }>(
    sql`select mail, opening from residents.lease_mail(${atOnce})`,
  )
  if (leased.length === 0) return false
  const [mails, openings] = [leased.map(({ mail }) => mail), leased.map(({ opening }) => opening)]
  const handed = await office.keeper.once<Handed>(
    sql`select * from residents.mail_in_hand(${mails}::uuid[], ${openings}::uuid[])`,
  )
  const done = await Promise.allSettled(handed.map((one) => deliver(office, one)))
  for (const one of done) if (one.status === 'rejected') onFault(one.reason)
  return leased.length === atOnce
}

async function deliver(office: ResidentsOffice, handed: Handed): Promise<void> {
  const { keeper, keys, mailer } = office
  const settle = (state: string, failure?: string) =>
    keeper.once(sql`select residents.settle_mail(${handed.mail}, ${state}, ${failure ?? null})`)
  if (!mailer) {
    // A code that lies on the desk would let whoever reads it sign in as another: only the sample city keeps it.
    const kept = handed.kind !== 'sign-in-code' || office.codesOnDesk
    await (kept ? settle('kept') : settle('failed', 'no-mail-server'))
    return
  }
  const key = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  const words = JSON.parse(unseal(key, mailAt(handed.mail), handed.sealed)) as MailWords
  const sending = await mailer.send(mailOf(office.city, handed, words))
  // A crash on this line leaves a mail that is sent and not settled: it goes out once more, the same, under the same Message-ID.
  if ('sent' in sending) await settle('sent')
  else
    await settle(
      sending.refused === 'for-good' ? 'failed' : 'waiting',
      sending.code.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 40) || 'unknown',
    )
}

function mailOf(
  city: City,
  { mail, language, written_at }: Pick<Handed, 'mail' | 'language' | 'written_at'>,
  { to, title, parts }: MailWords,
): OutgoingMail {
  const { email } = city.contact
  const from = city.name[language]
  return {
    to,
    from: { name: from, address: email },
    replyTo: email,
    returnTo: email,
    subject: title,
    ...mailLook(city, language, { from, title, subject: title, parts }),
    language,
    date: written_at.toString({ smallestUnit: 'second' }),
    messageId: `${mail}@${email.slice(email.lastIndexOf('@') + 1)}`,
    references: [],
    automatic: 'auto-generated',
  }
}
