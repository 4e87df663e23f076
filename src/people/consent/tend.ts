import { keepDoing, sql, type Db } from '../../plumbing/index.ts'

/** Does what is due: questions lapse, consents past their day end, custody whose time is over is destroyed. Returns how many. */
export async function tendConsents(keeper: Db): Promise<number> {
  let tended = 0
  while (await tendOne(keeper)) tended++
  return tended
}

/** One a transaction, so that its locks are few. */
async function tendOne(keeper: Db): Promise<boolean> {
  const [row] = await keeper.once<{ done: string | null }>(sql`select consent.tend() as done`)
  if (row?.done != null) return true
  const [custody] = await keeper.once<{ ended: boolean }>(sql`select consent.end_custody() as ended`)
  return custody?.ended === true
}

/** The worker's share: looks every minute, until it is told to stop. */
export function runConsents(keeper: Db, signal: AbortSignal, onFault: (error: unknown) => void): Promise<void> {
  return keepDoing({ work: () => tendOne(keeper), every: 60_000, onFault, signal })
}
