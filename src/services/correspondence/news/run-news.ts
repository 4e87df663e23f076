import type { Temporal } from 'temporal-polyfill'
import { keepDoing, sql, type Clock, type Db, type Mailer } from '../../../plumbing/index.ts'
import type { City } from '../../../city/index.ts'
import { newsMail, type ToTell } from './news-mail.ts'

export type NewsOffice = Readonly<{ keeper: Db; city: City; publicUrl: string; clock: Clock; mailer?: Mailer }>

const entriesAtOnce = 2_000
const mailsAtOnce = 20
const restMs = 5_000
/** A day of tries; older news is no news. */
const triesAtMost = 18
/** “Due soon” is within so many working days. */
const soonDays = 2

/**
 * Tells employees what happened, until `signal` aborts: reads the ledger on, counts, and mails what is due. Any number may
 * work side by side. A mail is leased for five minutes, and a repeat carries the same Message-ID.
 */
export function runNews(office: NewsOffice, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  return keepDoing({ work: () => tellNews(office, onFault), every: restMs, share: 0.1, onFault, signal })
}

/** One turn; true when there is more at once. */
export async function tellNews(office: NewsOffice, onFault: (error: unknown) => void): Promise<boolean> {
  const { keeper, city, clock } = office
  const [read] = await keeper.once<{ entries: number }>(
    sql`select correspondence.gather_news(${entriesAtOnce}) as entries`,
  )
  const now = clock.now().toZonedDateTimeISO(city.timeZone)
  const today = now.toPlainDate()
  const leased = await keeper.once<Leased>(sql`select id, address, items, made_at, attempts
    from correspondence.lease_news(${mailsAtOnce}, ${today}, ${now.hour}, ${city.calendar.isWorkingDay(today)},
      ${city.calendar.addWorkingDays(today, soonDays)})`)
  for (const mail of leased) await deliver(office, mail).catch(onFault)
  return (read?.entries ?? 0) >= entriesAtOnce
}

type Leased = { id: string; address: string; items: ToTell[]; made_at: Temporal.Instant; attempts: number }

async function deliver({ keeper, mailer, ...office }: NewsOffice, mail: Leased): Promise<void> {
  const settle = async (state: string): Promise<void> => {
    await keeper.once(sql`select correspondence.settle_news(${mail.id}, ${state})`)
  }
  if (!mailer) return settle('kept')
  const sending = await mailer.send(newsMail(office, mail))
  if ('sent' in sending) return settle('sent')
  await settle(sending.refused === 'for-good' || mail.attempts + 1 >= triesAtMost ? 'failed' : 'waiting')
}
