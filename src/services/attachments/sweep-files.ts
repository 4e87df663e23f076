import { sql, type Db } from '../../plumbing/index.ts'
import type { Cabinet } from './cabinet.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const atOnce = 500

/**
 * Removes what nobody needs: files in the store that no case names and that are a day old (the letter they came with was
 * never sent, or the person's file was refused), and what a crash left half written. A file and the row that names it
 * are made within minutes of each other, so a day is long enough; whenever this stops, it goes on an hour later.
 */
export async function sweepFiles({ store, spool }: Cabinet, keeper: Db, now = Date.now()): Promise<void> {
  const aDayAgo = new Date(now - dayMs)
  let some: string[] = []
  for await (const id of store.olderThan(aDayAgo)) {
    some.push(id)
    if (some.length < atOnce) continue
    await removeUnnamed(store, keeper, some)
    some = []
  }
  await removeUnnamed(store, keeper, some)
  await store.sweep(aDayAgo)
  await emptySpool(spool, new Date(now - hourMs))
}

/** What lies in the spool is open to nobody once the process that put it there has ended. */
async function emptySpool(spool: Cabinet['spool'], before: Date): Promise<void> {
  for await (const id of spool.olderThan(before)) await spool.remove(id)
  await spool.sweep(before)
}

async function removeUnnamed(store: Cabinet['store'], keeper: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const rows = await keeper.once<{ id: string }>(sql`select attachments.named(${ids}) as id`)
  const named = new Set(rows.map(({ id }) => id))
  for (const id of ids) if (!named.has(id)) await store.remove(id)
}
