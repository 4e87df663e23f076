import { fixedText, sql, type StreamingDb, type Tx } from '../../plumbing/index.ts'
import { openCheckpointAside, type Checkpoint } from './checkpoint.ts'
import { collectFaults, type Faults, type Verified } from './fault.ts'
import { hashBytes } from './merkle.ts'
import { verifierOf, type Verifier } from './note.ts'
import { placeRows } from './place-rows.ts'
import { readPlaces } from './read-places.ts'
import { checkCompleteness, countAll } from './verify-completeness.ts'
import { tileWidth } from './tile.ts'
import { walkTree, type Kept, type Places, type Stretch } from './walk-tree.ts'

export type VerifyingDatabase = {
  /** A connection as the keeper or the owner: it must see every entry. */
  readonly db: StreamingDb
  readonly vkey: string
  /** The checkpoint that the witness file holds, if this machine has one. */
  readonly seen?: Checkpoint | undefined
}

/**
 * Computes the whole ledger anew from its rows: each entry's commitment from its columns and salt, each leaf, tile and
 * root, each checkpoint's signature, each subject's count. Three connections of `db` see one snapshot, so it runs beside
 * keepers and writers; memory does not grow with the ledger. Finding faults is its answer, not a refusal.
 */
export async function verifyDatabase({ db, vkey, seen }: VerifyingDatabase): Promise<Verified> {
  const verifier = verifierOf(vkey)
  if (!verifier) throw new Error(`'${vkey}' is not a ledger's public key`)
  const faults = collectFaults()
  return db.transaction(async (tx) => {
    await askPatiently(tx)
    const snapshot = await exported(tx)
    const counting = db.transaction(async (beside) => {
      await askPatiently(beside, snapshot)
      return countAll(beside)
    })
    counting.catch(() => undefined)
    const { checkpoints, head } = await newestSigned(tx, verifier, faults)
    if (seen && seen.size > head.size) faults.add({ fault: 'witness-ahead', size: head.size, seen: seen.size })
    const root = await db.streaming(async (beside) => {
      await askPatiently(beside, snapshot)
      await readInOrder(beside)
      const places = readPlaces(beside.copied(placeRows), head.size, faults)
      try {
        return await walkTree(databaseAs(tx, { places, verifier, head, seen, faults }), head, faults)
      } finally {
        await places.return(undefined)
      }
    })
    await checkCompleteness(tx, head.size, await counting, faults)
    const { list, further: furtherFaults } = faults
    return { size: head.size, root: root.toString('base64'), checkpoints, faults: list, furtherFaults }
  })
}

/** What another transaction names in order to see exactly what `tx` sees. */
async function exported(tx: Tx): Promise<string> {
  const row = await tx.row<{ snapshot: string }>(sql`select pg_export_snapshot() as snapshot`)
  const snapshot = /^[0-9A-F-]+$/.exec(row?.snapshot ?? '')?.[0]
  if (snapshot === undefined) throw new Error('the database did not say which snapshot it shows')
  return snapshot
}

async function askPatiently(tx: Tx, snapshot?: string): Promise<void> {
  await tx.rows(sql`set transaction isolation level repeatable read, read only`)
  if (snapshot !== undefined) await tx.rows(sql`set transaction snapshot '${fixedText(snapshot)}'`)
  await tx.rows(sql`select set_config('statement_timeout', '0', true), set_config('jit', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`)
}

/** The plan must not depend on when the tables were last analysed: place after place along the index, and the entry of each. */
async function readInOrder(tx: Tx): Promise<void> {
  await tx.rows(sql`select set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)`)
}

type CheckpointRow = { size: number; root: Buffer; note: string }
type Extent = { checkpoints: number; leaves: number } & (CheckpointRow | { size: null; root: null; note: null })

/** How far the ledger goes. Without a last checkpoint that its key signed, the leaves themselves say how far. */
async function newestSigned(
  tx: Tx,
  verifier: Verifier,
  faults: Faults,
): Promise<{ checkpoints: number; head: Checkpoint }> {
  const row = await tx.row<Extent>(sql`
    select (select count(*) from ledger.checkpoint) as checkpoints, c.size, c.root, c.note,
      (select coalesce(max(seq) + 1, 0) from ledger.leaf) as leaves
    from (select 1) as always left join (select * from ledger.checkpoint order by size desc limit 1) c on true`)
  if (!row) throw new Error('the database did not say how far the ledger goes')
  const { checkpoints, leaves, size, root, note } = row
  const origin = verifier.name
  if (size === null) {
    faults.add({ fault: 'checkpoint-missing' })
    return { checkpoints, head: { origin, size: leaves, root: Buffer.alloc(hashBytes) } }
  }
  const signed = await openCheckpointAside(note, verifier)
  return { checkpoints, head: 'refused' in signed || signed.size !== size ? { origin, size, root } : signed }
}

type Walked = {
  readonly places: AsyncIterator<Places, undefined>
  readonly verifier: Verifier
  readonly head: Checkpoint
  readonly seen: Checkpoint | undefined
  readonly faults: Faults
}

/** The rows of the database as the walk asks for them. */
function databaseAs(tx: Tx, { places, verifier, head, seen, faults }: Walked): Kept {
  const next = async () => (await places.next()).value ?? endedEarly()
  return {
    atOnce: 16,
    async stretch(firstTile, tiles): Promise<Stretch> {
      const from = firstTile * tileWidth
      const to = Math.min(head.size, from + tiles * tileWidth)
      const [stored, checkpoints] = await Promise.all([
        storedTiles(tx, firstTile, tiles, to),
        checkpointsBetween(tx, from, to, verifier, faults),
      ])
      const witnessed = seen && seen.size > from && seen.size <= to ? [seen] : []
      return {
        tiles: stored.map((one) => ({ stored: one, places: next })),
        checkpoints: [...checkpoints, ...witnessed].sort((a, b) => a.size - b.size),
      }
    },
    async tile(level, n, width) {
      const row = await tx.row<{ hashes: Buffer }>(sql`
        select hashes from ledger.tile where level = ${level}::int and n = ${n}::bigint`)
      return row?.hashes.subarray(0, width * hashBytes)
    },
  }
}

function endedEarly(): never {
  throw new Error('the places ended before the tree did')
}

async function storedTiles(tx: Tx, first: number, count: number, size: number): Promise<(Buffer | undefined)[]> {
  const rows = await tx.rows<{ n: number; hashes: Buffer }>(sql`
    select n, hashes from ledger.tile where level = 0 and n >= ${first}::bigint and n < ${first + count}::bigint`)
  const tiles: (Buffer | undefined)[] = Array.from({ length: count }, () => undefined)
  for (const { n, hashes } of rows) tiles[n - first] = hashes.subarray(0, (size - n * tileWidth) * hashBytes)
  return tiles
}

/** The checkpoints as signed. One whose row says otherwise, or whose signature fails, is named and left out. */
async function checkpointsBetween(
  tx: Tx,
  from: number,
  to: number,
  verifier: Verifier,
  faults: Faults,
): Promise<Checkpoint[]> {
  const rows = await tx.rows<CheckpointRow>(sql`
    select size, root, note from ledger.checkpoint
    where size > ${from}::bigint and size <= ${to}::bigint order by size`)
  const opened = await Promise.all(rows.map((row) => openCheckpointAside(row.note, verifier)))
  return opened.flatMap((checkpoint, at) => {
    const row = rows[at]
    if (!row) return []
    if ('refused' in checkpoint) {
      faults.add({ fault: 'checkpoint-unsigned', size: row.size })
      return []
    }
    if (checkpoint.size === row.size && checkpoint.root.equals(row.root)) return [checkpoint]
    faults.add({ fault: 'checkpoint-changed', size: row.size })
    return []
  })
}
