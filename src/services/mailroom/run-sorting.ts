import { keepDoing, sql } from '../../plumbing/index.ts'
import type { MailHouse } from './house.ts'
import { sort } from './sort.ts'

const atOnce = 4
const restMs = 250

/**
 * Sorts what has come until `signal` aborts. A mail is leased for five minutes: whoever dies with it leaves it to the
 * next. Any number of sorters may work side by side.
 */
export function runSorting(house: MailHouse, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  return keepDoing({ work: () => sortWaiting(house, onFault), every: restMs, onFault, signal })
}

/** Sorts a handful of waiting mails; true where there was any. */
export async function sortWaiting(house: MailHouse, onFault: (error: unknown) => void): Promise<boolean> {
  const leased = await house.db.once<{ mail: string; attempts: number; pieces: number }>(
    sql`select mail, attempts, pieces from mailroom.lease(${atOnce})`,
  )
  const one = ({ mail, attempts }: (typeof leased)[number]) => sort(house, mail, attempts).catch(onFault)
  await Promise.all(leased.filter(({ pieces }) => pieces === 0).map(one))
  // Long mails are in memory whole while they are read: one at a time.
  for (const long of leased.filter(({ pieces }) => pieces > 0)) await one(long)
  return leased.length > 0
}
