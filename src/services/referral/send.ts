import { keepDoing, sql } from '../../plumbing/index.ts'
import { unseal } from '../../trust/vault/index.ts'
import { sendRequest, type Sent } from '../open311/index.ts'
import { askHowTheyStand } from './ask-how.ts'
import { endpointOf } from './endpoint.ts'
import type { ReferralOffice } from './house.ts'
import { readLeaving } from './leaving.ts'
import { openForReferral } from './open-for-referral.ts'
import { mailReferral } from './send-mail.ts'

/**
 * Sends one referral: exactly what was sealed when the clerk sent it. By mail a repeat (a crash between sending and
 * settling) carries the same Message-ID; a report whose fate is unknown is not sent again by itself: it has failed.
 */
export async function sendReferral(office: ReferralOffice, id: string): Promise<void> {
  const handed = await openForReferral(office, id, 'send')
  if (!handed) return
  const leaving = readLeaving(unseal(handed.key, { table: 'disclosure', column: 'sealed', row: id }, handed.sealed))
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
  const sending = await mailReferral(office, id, handed, leaving)
  if ('sent' in sending) await settle('sent')
  else if (sending.refused === 'kept') await settle('kept')
  else await settle(sending.refused === 'for-good' ? 'failed' : 'waiting', codeOf(sending.code))
}

const codeOf = (code: string): string => code.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 40)

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
