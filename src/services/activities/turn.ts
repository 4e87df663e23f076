import { keepDoing, sql, type Db } from '../../plumbing/index.ts'

/** Does what is due: what was not paid or taken is let go, places are offered, drawings drawn. Returns how many things. */
export async function turnActivities(keeper: Db): Promise<number> {
  let turned = 0
  while (await turnOne(keeper)) turned++
  return turned
}

/** One thing a transaction, so that its locks are few. */
async function turnOne(keeper: Db): Promise<boolean> {
  const [row] = await keeper.once<{ turned: boolean }>(sql`select activities.turn() as turned`)
  return row?.turned ?? false
}

/** The worker's share: looks every five seconds, until it is told to stop. */
export function runActivities(keeper: Db, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  return keepDoing({ work: () => turnOne(keeper), every: 5_000, onFault, signal })
}
