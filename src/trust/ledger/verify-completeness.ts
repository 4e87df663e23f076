import { sql, type Tx } from '../../plumbing/index.ts'
import type { Faults } from './fault.ts'
import { hashesAtLevel, tilePath, tileWidth } from './tile.ts'

type Waiting = 'pending-without-entry' | 'entry-waits-again' | 'entry-waits'

const mostOfOneKind = 200

type Gap = { subject: string; expected: number; found: number }

/** What is told by reading the whole ledger once more, which can be done beside the walk. */
export type Counted = { readonly gaps: readonly Gap[]; readonly entries: number; readonly placed: number }

export async function countAll(tx: Tx): Promise<Counted> {
  const gaps = await subjectGaps(tx)
  const counts = await tx.row<{ entries: number; placed: number }>(sql`
    select (select count(*) from ledger.entry) as entries,
      (select count(*) from ledger.leaf) + (select count(*) from ledger.pending) as placed`)
  if (!counts) throw new Error('the database did not count the ledger')
  return { gaps, ...counts }
}

/** What a walk along the tree cannot meet: rows outside it, rows that wait too long, gaps in a subject's count. */
export async function checkCompleteness(tx: Tx, size: number, counted: Counted, faults: Faults): Promise<void> {
  await beyondTheTree(tx, size, faults)
  await waiting(tx, faults)
  for (const gap of counted.gaps) faults.add({ fault: 'subject-gap', ...gap })
  await outsideTheTree(tx, counted, faults)
}

async function beyondTheTree(tx: Tx, size: number, faults: Faults): Promise<void> {
  const leaves = await tx.rows<{ seq: number }>(sql`
    select seq from ledger.leaf where seq >= ${size}::bigint order by seq limit ${mostOfOneKind}::int`)
  for (const { seq } of leaves) faults.add({ fault: 'sequence-beyond', seq, size })
  const levels: number[] = []
  for (let level = 0; level === 0 || hashesAtLevel(size, level) > 0; level += 1) {
    levels.push(Math.ceil(hashesAtLevel(size, level) / tileWidth))
  }
  const tiles = await tx.rows<{ level: number; n: number; width: number }>(sql`
    select t.level, t.n, t.width from ledger.tile t
    left join unnest(${levels}::bigint[]) with ordinality as has (tiles, place) on has.place = t.level + 1
    where t.n >= coalesce(has.tiles, 0) order by 1, 2 limit ${mostOfOneKind}::int`)
  for (const tile of tiles) faults.add({ fault: 'tile-beyond', tile: tilePath(tile) })
}

/**
 * Where each leaf and each pending row has an entry of its own (any other finding means that one has not), counting
 * tells whether there are more entries than those: quick. Otherwise the rows themselves are sought.
 */
async function outsideTheTree(tx: Tx, { entries, placed }: Counted, faults: Faults): Promise<void> {
  if (entries === placed && faults.list.length === 0) return
  await tx.rows(sql`select set_config('enable_hashjoin', 'on', true)`)
  const added = await tx.rows<{ entry: string }>(sql`
    select e.id as entry from ledger.entry e
    where not exists (select from ledger.leaf l where l.entry_id = e.id)
      and not exists (select from ledger.pending p where p.entry_id = e.id)
    order by e.at, e.id limit ${mostOfOneKind}::int`)
  for (const { entry } of added) faults.add({ fault: 'entry-added', entry })
}

/** The keeper takes an entry within a second; a minute means that it stands still. */
async function waiting(tx: Tx, faults: Faults): Promise<void> {
  const rows = await tx.rows<{ entry: string; fault: Waiting }>(sql`
    select entry, fault from (
      select p.entry_id as entry, e.at, case when e.id is null then 'pending-without-entry'
        when exists (select from ledger.leaf l where l.entry_id = p.entry_id) then 'entry-waits-again'
        when e.at < now() - interval '1 minute' then 'entry-waits' end as fault
      from ledger.pending p left join ledger.entry e on e.id = p.entry_id
    ) as waiting
    where fault is not null order by at, entry limit ${mostOfOneKind}::int`)
  for (const { entry, fault } of rows) faults.add({ fault, entry })
}

/** A subject's entries count 1, 2, 3 ...: an entry that was removed together with its leaf still leaves a gap. */
function subjectGaps(tx: Tx): Promise<Gap[]> {
  return tx.rows<Gap>(sql`
    select subject, expected, found from (
      select subject, subject_count as found,
        coalesce(lag(subject_count) over (partition by subject order by subject_count), 0) + 1 as expected
      from ledger.entry where subject is not null
    ) as counted
    where found <> expected order by subject, found limit ${mostOfOneKind}::int`)
}
