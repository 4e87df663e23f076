import { keepDoing, sql, type Db } from '../../plumbing/index.ts'

/** Does what is due: what was held and not paid is let go, what is over has taken place. Returns how many bookings. */
export async function turnBookings(keeper: Db): Promise<number> {
  let turned = 0
  while (await turnOne(keeper)) turned++
  return turned
}

/** One booking a transaction, so that its locks are few. */
async function turnOne(keeper: Db): Promise<boolean> {
  const [row] = await keeper.once<{ turned: boolean }>(sql`select bookings.turn() as turned`)
  return row?.turned ?? false
}

/** The worker's share: looks every half minute, until it is told to stop. */
export function runBookings(keeper: Db, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  return keepDoing({ work: () => turnOne(keeper), every: 30_000, onFault, signal })
}
