import { sql, type Db, type Tx } from '../../plumbing/index.ts'
import { openCheckpointAside, type Checkpoint } from './checkpoint.ts'
import { collectFaults, type Faults, type Verified } from './fault.ts'
import { hashBytes, leafHash, sha256 } from './merkle.ts'
import { verifierOf, type Verifier } from './note.ts'
import { checkCompleteness } from './verify-completeness.ts'
import { tileWidth } from './tile.ts'
import { walkTree, type Kept, type Place, type Stretch } from './walk-tree.ts'

export type VerifyingDatabase = {
  /** A connection as the keeper or the owner: it must see every entry. */
  readonly db: Db
  readonly vkey: string
  /** The checkpoint that the witness file holds, if this machine has one. */
  readonly seen?: Checkpoint | undefined
}

/**
 * Computes the whole ledger anew from its rows: each entry's commitment from its columns and salt, each leaf, tile and
 * root, each checkpoint's signature, each subject's count. One snapshot, so it runs beside keepers and writers; memory
 * does not grow with the ledger. Finding faults is its answer, not a refusal.
 */
export async function verifyDatabase({ db, vkey, seen }: VerifyingDatabase): Promise<Verified> {
  const verifier = verifierOf(vkey)
  if (!verifier) throw new Error(`'${vkey}' is not a ledger's public key`)
  const faults = collectFaults()
  return db.transaction(async (tx) => {
    await tx.rows(sql`set transaction isolation level repeatable read, read only`)
    await askPatiently(tx)
    const { checkpoints, head } = await newestSigned(tx, verifier, faults)
    if (seen && seen.size > head.size) faults.add({ fault: 'witness-ahead', size: head.size, seen: seen.size })
    const root = await walkTree(databaseAs(tx, verifier, head, seen, faults), head, faults)
    await checkCompleteness(tx, head.size, faults)
    const { list, further: furtherFaults } = faults
    return { size: head.size, root: root.toString('base64'), checkpoints, faults: list, furtherFaults }
  })
}

/**
 * The plan must not depend on when the tables were last analysed: each stretch is read along the indexes, a few
 * thousand rows at a time.
 */
async function askPatiently(tx: Tx): Promise<void> {
  await tx.rows(sql`
    select set_config('statement_timeout', '0', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)`)
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

/** The rows of the database as the walk asks for them. */
function databaseAs(tx: Tx, verifier: Verifier, head: Checkpoint, seen: Checkpoint | undefined, faults: Faults): Kept {
  return {
    async stretch(firstTile, tiles): Promise<Stretch> {
      const from = firstTile * tileWidth
      const to = Math.min(head.size, from + tiles * tileWidth)
      const [stored, places, checkpoints] = await Promise.all([
        storedTiles(tx, firstTile, tiles, to),
        placesBetween(tx, from, to, faults),
        checkpointsBetween(tx, from, to, verifier, faults),
      ])
      const witnessed = seen && seen.size > from && seen.size <= to ? [seen] : []
      return { tiles: stored, places, checkpoints: [...checkpoints, ...witnessed].sort((a, b) => a.size - b.size) }
    },
    async tile(level, n, width) {
      const row = await tx.row<{ hashes: Buffer }>(sql`
        select hashes from ledger.tile where level = ${level}::int and n = ${n}::bigint`)
      return row?.hashes.subarray(0, width * hashBytes)
    },
  }
}

async function storedTiles(tx: Tx, first: number, count: number, size: number): Promise<(Buffer | undefined)[]> {
  const rows = await tx.rows<{ n: number; hashes: Buffer }>(sql`
    select n, hashes from ledger.tile where level = 0 and n >= ${first}::bigint and n < ${first + count}::bigint`)
  const tiles: (Buffer | undefined)[] = Array.from({ length: count }, () => undefined)
  for (const { n, hashes } of rows) tiles[n - first] = hashes.subarray(0, (size - n * tileWidth) * hashBytes)
  return tiles
}

type PlaceRow = { seq: number; entry_id: string; kept: Buffer }

/**
 * `kept` is the leaf's commitment and, where the entry is there, the entry's commitment, its salt and its statement,
 * end to end: one value a row is read at half the cost of four. The statement is said here in full instead of asking
 * ledger.statement: a function that was changed cannot make changed rows look right.
 */
async function placesBetween(tx: Tx, from: number, to: number, faults: Faults): Promise<Place[]> {
  const rows = await tx.rows<PlaceRow>(sql`
    select l.seq, l.entry_id, l.commitment || coalesce(e.commitment || e.salt || convert_to(
      concat_ws(E'\n', 'cityhall/entry/v1', e.id, coalesce(e.subject::text, '-'), coalesce(e.subject_count::text, '-'),
        coalesce(e.case_id::text, '-'), (extract(epoch from e.at) * 1000000)::bigint, e.act, e.actor_kind,
        coalesce(e.duty, '-'), coalesce(e.department, '-'),
        coalesce(encode(sha256(e.employee_salt || convert_to(e.employee::text, 'UTF8')), 'hex'), '-'),
        coalesce(e.purpose, '-'), coalesce(e.reason, '-'), coalesce(e.detail, '-')), 'UTF8'), '') as kept
    from ledger.leaf l left join ledger.entry e on e.id = l.entry_id
    where l.seq >= ${from}::bigint and l.seq < ${to}::bigint order by l.seq`)
  return rows.map((row) => readPlace(row, faults))
}

function readPlace({ seq, entry_id: id, kept }: PlaceRow, faults: Faults): Place {
  const committed = kept.subarray(0, hashBytes)
  const leaf = leafHash(committed)
  if (kept.length === hashBytes) return { seq, id, leaf, entry: undefined }
  const own = sha256(kept.subarray(2 * hashBytes))
  if (!own.equals(kept.subarray(hashBytes, 2 * hashBytes))) {
    faults.add({ fault: 'entry-changed', entry: id, seq })
    return { seq, id, leaf, entry: leaf }
  }
  return { seq, id, leaf, entry: own.equals(committed) ? leaf : leafHash(own) }
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
