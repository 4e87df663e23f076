import { mailLook } from '../../city/look/index.ts'
import type { AgencyId, City } from '../../city/index.ts'
import { keepDoing, sql, type Clock, type Db, type Mailer, type OutgoingMail } from '../../plumbing/index.ts'
import { say } from './letter-messages.ts'

/** What telling governments needs. Without a mailer the clerk tells them. */
export type StopOffice = Readonly<{ keeper: Db; city: City; clock: Clock; mailer?: Mailer }>

/** `reference`: the number by which the agency knows what it was given; null: the consent’s own. */
type Leased = { id: string; consent: string; agency: AgencyId; thing: string; reference: string | null }

const atOnce = 8

/** Tells governments to stop using what a consent allowed them, until `signal` aborts. */
export function runStopNotices(
  office: StopOffice,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  return keepDoing({ work: () => tellAgencies(office), every: 5_000, onFault, signal })
}

/**
 * One round. The mail names the reference under which the data was given and what it was for, never a person. A crash between
 * sending and settling sends it once more, under the same Message-ID. True where more may wait.
 */
export async function tellAgencies(office: StopOffice): Promise<boolean> {
  const leased = await office.keeper.once<Leased>(
    sql`select id, consent, agency, thing, reference from consent.lease_stops(${atOnce})`,
  )
  for (const one of leased) {
    const state = await tell(office, one)
    await office.keeper.once(sql`select consent.settle_stop(${one.id}, ${state})`)
  }
  return leased.length === atOnce
}

async function tell(
  { city, mailer, clock }: StopOffice,
  stop: Leased,
): Promise<'sent' | 'kept' | 'waiting' | 'failed'> {
  const takes = city.agencies.get(stop.agency)?.takes
  if (!mailer || takes?.way !== 'email') return 'kept'
  const sending = await mailer.send(stopMail(city, stop, takes.address, clock))
  if ('sent' in sending) return 'sent'
  return sending.refused === 'for-good' ? 'failed' : 'waiting'
}

function stopMail(
  city: City,
  { id, consent, thing, reference: known }: Leased,
  to: string,
  clock: Clock,
): OutgoingMail {
  const { email, phone } = city.contact
  const from = city.name.en
  const reference = known ?? consent
  const title = say('en', 'stopTitle', { reference })
  const parts = [{ words: say('en', 'stop', { reference, thing }) }, { words: say('en', 'stopHow', { phone }) }]
  return {
    to,
    from: { name: from, address: email },
    replyTo: email,
    returnTo: email,
    subject: title,
    ...mailLook(city, 'en', { from, title, subject: title, parts }),
    language: 'en',
    date: clock.now().toString({ smallestUnit: 'second' }),
    messageId: `${id}@${email.slice(email.lastIndexOf('@') + 1)}`,
    references: [],
    automatic: 'auto-generated',
  }
}
