import { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { keepDoing, sql, type Clock, type Db } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import type { ChildId, ResidentId } from '../actor.ts'
import { openHanded, type Handed } from '../handed.ts'
import { sealMail } from '../mail-at.ts'
import { say } from '../mail-messages.ts'
import { tokenOfDay } from './of-age-token.ts'

export type OfAgeOffice = Readonly<{ keeper: Db; keys: Keys; city: City; clock: Clock }>

const everyMs = 60_000
/** A worker that stood still longer than this catches up in several rounds. */
const mostDays = 400

/** Goes on looking, minute by minute, whether a day has begun, and tells guardians who are still to be told. */
export function runOfAge(office: OfAgeOffice, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  const work = async () => {
    await comeOfAge(office)
    return tellGuardians(office)
  }
  return keepDoing({ work, every: everyMs, longest: everyMs, onFault, signal })
}

/**
 * Lets whoever is eighteen today, or was on a day that was missed, decide alone: from this transaction on no guardian sees
 * or acts for her. Done once a day however many workers there are; answers how many it were.
 */
export async function comeOfAge({ keeper, keys, city, clock }: OfAgeOffice): Promise<number> {
  const today = clock.now().toZonedDateTimeISO(city.timeZone).toPlainDate()
  const [round] = await keeper.once<{ through: Temporal.PlainDate }>(sql`select residents.of_age_through() as through`)
  const through = round?.through
  if (!through || Temporal.PlainDate.compare(through, today) >= 0) return 0
  const days = Math.min(through.until(today, { largestUnit: 'days' }).days, mostDays)
  const tokens = Array.from({ length: days }, (_, at) => tokenOfDay(keys, through.add({ days: at + 1 })))
  const upTo = through.add({ days }).toString()
  const [row] = await keeper.once<{ count: number }>(
    sql`select residents.come_of_age(${tokens}::bytea[], ${upTo}::date) as count`,
  )
  return row?.count ?? 0
}

type Leased = { child: ChildId; resident: ResidentId; openings: string[] }

/** Writes to each guardian that the child decides alone now. A crash leaves the notice to the next round. True: more may wait. */
export async function tellGuardians(office: OfAgeOffice): Promise<boolean> {
  const leased = await office.keeper.once<Leased>(
    sql`select child, resident, openings from residents.lease_notices(20)`,
  )
  for (const one of leased) await tell(office, one)
  return leased.length === 20
}

async function tell({ keeper, keys, city }: OfAgeOffice, { child, resident, openings }: Leased): Promise<void> {
  const handed = await keeper.once<Handed>(
    sql`select * from residents.notice_in_hand(${child}, ${resident}, ${openings}::uuid[])`,
  )
  const inHand = openHanded(keys, handed, { child, resident })
  if (!inHand) return
  const { key, language, firstName, to, byPost } = inHand
  const days = city.consent?.ofAgeDays ?? 60
  const names = { child: firstName, city: city.name[language], phone: city.contact.phone, days }
  const mail = sealMail(key, 'came-of-age', language, {
    to,
    title: say(language, 'ofAgeTitle', names),
    parts: [{ words: say(language, 'ofAge', names) }, { words: say(language, 'ofAgeHers', names) }],
  })
  await keeper.once(
    byPost
      ? sql`select residents.post_notice_letter(${child}, ${resident}, ${mail.id}, ${mail.sealed})`
      : sql`select residents.post_notice(${child}, ${resident}, ${mail.id}, ${mail.sealed})`,
  )
}
