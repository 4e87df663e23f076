import type { Temporal } from 'temporal-polyfill'
import { sql, type Clock, type Db } from '../../plumbing/index.ts'

/** The same house at another time. Only the owner's login may set the clock; for any other it is without effect. */
export function at<H extends Readonly<{ db: Db; clock: Clock }>>(house: H, time: Temporal.Instant): H {
  const { db } = house
  const turned: Db = {
    transaction: (work) =>
      db.transaction(async (tx) => {
        await tx.rows(sql`select set_config('cityhall.clock', ${time.toString()}, true)`)
        return work(tx)
      }),
    once: (query) => turned.transaction((tx) => tx.rows(query)),
    close: () => db.close(),
  }
  return { ...house, db: turned, clock: { now: () => time } }
}
