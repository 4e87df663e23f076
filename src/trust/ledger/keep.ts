import { setTimeout as sleep } from 'node:timers/promises'
import { sql, type Db } from '../../plumbing/index.ts'
import { ContinuityBroken } from './continuity.ts'
import type { Signer } from './note.ts'
import { batchSize, sequence } from './sequence.ts'
import type { Witness } from './witness.ts'

export type KeeperNews =
  | { readonly news: 'sequenced'; readonly entries: number; readonly size: number }
  | { readonly news: 'trouble'; readonly error: unknown; readonly retryAfter: number }

export type Keeping = {
  readonly db: Db
  readonly signer: Signer
  readonly witness: Witness
  readonly signal: AbortSignal
  /** Milliseconds between looks for pending entries (400). */
  readonly every?: number
  readonly report?: (news: KeeperNews) => void
}

const longestPause = 5_000

/**
 * Sequences what is pending until `signal` aborts. It looks more than twice a second instead of being told: NOTIFY would
 * make every commit of the whole city wait for one lock. A fault is reported and tried again after a growing pause;
 * `ContinuityBroken` ends it by throwing. Several keepers may run at once, on one machine or many.
 */
export async function runKeeper({ db, signer, witness, signal, every = 400, report }: Keeping): Promise<void> {
  let pause = every
  let mustLook = true
  while (!signal.aborted) {
    try {
      // The first look is at the whole state, even with nothing pending: that is the recovery.
      const done = mustLook || (await somethingPending(db)) ? await sequence(db, signer, witness) : undefined
      const entries = done && 'sequenced' in done ? done.sequenced : 0
      if (done && 'sequenced' in done) {
        mustLook = false
        if (entries > 0) report?.({ news: 'sequenced', entries, size: done.size })
      }
      pause = every
      if (entries === batchSize) continue
    } catch (error) {
      if (error instanceof ContinuityBroken) throw error
      pause = Math.min(pause * 2, longestPause)
      report?.({ news: 'trouble', error, retryAfter: pause })
    }
    await rest(pause, signal)
  }
}

/** The offset keeps the planner from joining: on tables it has no statistics of yet, it would read the whole ledger. */
async function somethingPending(db: Db): Promise<boolean> {
  const [row] = await db.once<{ waiting: boolean }>(sql`
    select exists (select from ledger.pending p
      where exists (select from ledger.entry e where e.id = p.entry_id offset 0)) as waiting`)
  return row?.waiting === true
}

async function rest(pause: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(pause, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
