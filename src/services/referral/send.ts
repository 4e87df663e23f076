import { Temporal } from 'temporal-polyfill'
import { mailLook } from '../../city/look/index.ts'
import type { AgencyId, TopicId } from '../../city/index.ts'
import { keepDoing, sql, type OutgoingMail } from '../../plumbing/index.ts'
import { unseal, unwrap, type DataKey, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import { mailDomain } from '../correspondence/index.ts'
import { sendRequest, type Sent } from '../open311/index.ts'
import { askHowTheyStand } from './ask-how.ts'
import { endpointOf } from './endpoint.ts'
import type { ReferralOffice } from './house.ts'
import type { Leaving } from './leaving.ts'
import { referralAddress } from './referral-address.ts'

export type Handed = {
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  number: number
  topic: TopicId
  language: 'en' | 'es'
  agency: AgencyId
  sealed: Buffer
}

/** Opens the case of a referral as the system, which the person reads in her list; undefined where it may not. */
export async function openForReferral(
  { keeper, keys }: Pick<ReferralOffice, 'keeper' | 'keys'>,
  id: string,
  reason: 'send' | 'answer',
): Promise<(Handed & { key: DataKey }) | undefined> {
  const [opened] = await keeper.once<{ opening: OpeningId }>(
    sql`select opening from vault.open_for(${reason === 'send' ? 'refer' : 'hear'}, ${[id]}::uuid[])`,
  )
  if (!opened) return undefined
  const [handed] = await keeper.once<Handed>(sql`select * from vault.key_for_referral(${opened.opening}, ${id})`)
  return handed && { ...handed, key: unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek }) }
}

/**
 * Sends one referral: exactly what was sealed when the clerk sent it. By mail a repeat (a crash between sending and
 * settling) carries the same Message-ID; a report whose fate is unknown is not sent again by itself: it has failed.
 */
export async function sendReferral(office: ReferralOffice, id: string): Promise<void> {
  const handed = await openForReferral(office, id, 'send')
  if (!handed) return
  const text = unseal(handed.key, { table: 'disclosure', column: 'sealed', row: id }, handed.sealed)
  const leaving = JSON.parse(text) as Leaving
  const settle = (state: string, failure?: string, theirs?: Sent) =>
    office.keeper.once(sql`select referral.settle(${id}, ${state}, ${failure ?? null},
      ${theirs && 'requestId' in theirs ? theirs.requestId : null}, ${theirs && 'token' in theirs ? theirs.token : null})`)
  if (leaving.way === 'open311') {
    const sent = await sendRequest(endpointOf(office, handed.agency, leaving.url), leaving.fields)
    if (!('refused' in sent)) {
      await settle('sent', undefined, sent)
      return
    }
    const again = sent.refused === 'later' && sent.mayRepeat
    await settle(again ? 'waiting' : 'failed', sent.refused === 'rejected' ? String(sent.status) : sent.refused)
    return
  }
  if (!office.mailer) {
    await settle('kept')
    return
  }
  const sending = await office.mailer.send(mailOf(office, id, handed, leaving))
  if ('sent' in sending) await settle('sent')
  else
    await settle(
      sending.refused === 'for-good' ? 'failed' : 'waiting',
      sending.code.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 40),
    )
}

/** From the department, answered and failing at the referral's own address. */
function mailOf(
  office: ReferralOffice,
  id: string,
  handed: Handed,
  leaving: Extract<Leaving, { way: 'email' }>,
): OutgoingMail {
  const { city } = office
  const topic = city.topics.get(handed.topic)
  const name = `${(topic && city.departments.get(topic.department)?.name.en) ?? ''}, ${city.name.en}`
  const address = referralAddress(office, id)
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

const atOnce = 4
const restMs = 1_000

/** Sends what waits and asks how reports stand, until `signal` aborts. Leased: whoever dies leaves it to the next. */
export function runReferrals(
  office: ReferralOffice,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const work = async (): Promise<boolean> => {
    const leased = await office.keeper.once<{ id: string }>(sql`select referral.lease(${atOnce}) as id`)
    const done = await Promise.allSettled(leased.map(({ id }) => sendReferral(office, id)))
    for (const one of done) if (one.status === 'rejected') onFault(one.reason)
    await askHowTheyStand(office, onFault)
    return false
  }
  return keepDoing({ work, every: restMs, onFault, signal })
}
