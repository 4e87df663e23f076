import { fixedText, sql, type Db, type Sql, type Tx } from '../../plumbing/index.ts'
import { openCheckpointAside, type Checkpoint } from './checkpoint.ts'
import { collectFaults, type Faults, type Verified } from './fault.ts'
import { hashBytes, leafHash, type Hash } from './merkle.ts'
import { verifierOf, type Verifier } from './note.ts'
import { commitmentOf, taken, type Reading } from './statement.ts'
import { checkCompleteness, countAll } from './verify-completeness.ts'
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
 * root, each checkpoint's signature, each subject's count. Two connections of `db` see one snapshot, so it runs beside
 * keepers and writers; memory does not grow with the ledger. Finding faults is its answer, not a refusal.
 */
export async function verifyDatabase({ db, vkey, seen }: VerifyingDatabase): Promise<Verified> {
  const verifier = verifierOf(vkey)
  if (!verifier) throw new Error(`'${vkey}' is not a ledger's public key`)
  const faults = collectFaults()
  return db.transaction(async (tx) => {
    await askPatiently(tx)
    const counting = beside(db, tx, countAll)
    counting.catch(() => undefined)
    const { checkpoints, head } = await newestSigned(tx, verifier, faults)
    if (seen && seen.size > head.size) faults.add({ fault: 'witness-ahead', size: head.size, seen: seen.size })
    const root = await walkTree(databaseAs(tx, verifier, head, seen, faults), head, faults)
    await checkCompleteness(tx, head.size, await counting, faults)
    const { list, further: furtherFaults } = faults
    return { size: head.size, root: root.toString('base64'), checkpoints, faults: list, furtherFaults }
  })
}

/** Asks on a second connection, which sees exactly what `tx` sees. */
async function beside<T>(db: Db, tx: Tx, ask: (tx: Tx) => Promise<T>): Promise<T> {
  const row = await tx.row<{ snapshot: string }>(sql`select pg_export_snapshot() as snapshot`)
  const snapshot = /^[0-9A-F-]+$/.exec(row?.snapshot ?? '')?.[0]
  if (snapshot === undefined) throw new Error('the database did not say which snapshot it shows')
  return db.transaction(async (second) => {
    await askPatiently(second, sql`set transaction snapshot '${fixedText(snapshot)}'`)
    return ask(second)
  })
}

/**
 * The plan must not depend on when the tables were last analysed: each stretch is read along the indexes, a few
 * thousand rows at a time.
 */
async function askPatiently(tx: Tx, snapshot?: Sql): Promise<void> {
  await tx.rows(sql`set transaction isolation level repeatable read, read only`)
  if (snapshot) await tx.rows(snapshot)
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

/** What stands before the columns of an entry that a place names: it is not there, it is, or it cannot be one. */
const [absent, present] = [0, 1]

/**
 * The places of a tile come as one value, with the columns in the form that PostgreSQL itself keeps them in: said as
 * texts, row by row, they cost both sides twice as much. They stand in the order in which `readPlace` and `commitmentOf`
 * read them; the statement is spelled there in full instead of asking ledger.statement: a function that was changed
 * cannot make changed rows look right. Columns that no rule of the tables would let in are told apart, so that they
 * cannot be taken for what follows.
 */
async function placesBetween(tx: Tx, from: number, to: number, faults: Faults): Promise<Iterable<Place, undefined>> {
  const tiles = await tx.rows<{ places: Buffer }>(sql`
    select places from generate_series(${from}::bigint, ${to - 1}::bigint, ${tileWidth}::bigint) as first
    cross join lateral (
      select string_agg(int8send(l.seq) || uuid_send(l.entry_id)
        || case when length(l.commitment) = 32 then l.commitment else sha256(l.commitment) end
        || coalesce(case when e.id is null then '\\x00'
          when length(e.commitment) <> 32 or length(e.salt) <> 32 then '\\x02'
          else '\\x01' || e.commitment || e.salt || coalesce('\\x01' || uuid_send(e.subject), '\\x00')
            || coalesce('\\x01' || int4send(e.subject_count), '\\x00')
            || coalesce('\\x01' || uuid_send(e.case_id), '\\x00') || timestamptz_send(e.at)
            || textsend(concat_ws(E'\n', e.act, e.actor_kind, coalesce(e.duty, '-'), coalesce(e.department, '-'),
              coalesce(encode(sha256(e.employee_salt || convert_to(e.employee::text, 'UTF8')), 'hex'), '-'),
              coalesce(e.purpose, '-'), coalesce(e.reason, '-'), coalesce(e.detail, '-'))) || '\\x00'
          end, '\\x02'), '' order by l.seq) as places
      from ledger.leaf l left join ledger.entry e on e.id = l.entry_id
      where l.seq >= first and l.seq < least(first + ${tileWidth}::bigint, ${to}::bigint)
    ) as tile
    where places is not null order by first`)
  return readPlaces(tiles, faults)
}

/** Read one after the other as the walk comes to them, so that few are in memory at once. */
function* readPlaces(tiles: readonly { readonly places: Buffer }[], faults: Faults): Generator<Place, undefined> {
  for (const { places: bytes } of tiles) {
    const reading = { bytes, at: 0 }
    while (reading.at < bytes.length) yield readPlace(reading, faults)
  }
}

function readPlace(reading: Reading, faults: Faults): Place {
  const { bytes } = reading
  const seq = Number(bytes.readBigInt64BE(taken(reading, 8)))
  const name = taken(reading, 16)
  const id = () => uuidIn(bytes, name)
  const committed = hashIn(bytes, taken(reading, hashBytes))
  const leaf = leafHash(committed)
  const found = bytes[taken(reading, 1)]
  if (found === absent) return { seq, id, leaf, entry: undefined }
  const written = found === present ? taken(reading, hashBytes) : undefined
  const own = written === undefined ? undefined : commitmentOf(name, reading)
  if (written === undefined || !own?.equals(hashIn(bytes, written))) {
    faults.add({ fault: 'entry-changed', entry: id(), seq })
    return { seq, id, leaf, entry: leaf }
  }
  return { seq, id, leaf, entry: own.equals(committed) ? leaf : leafHash(own) }
}

function hashIn(bytes: Buffer, from: number): Hash {
  return bytes.subarray(from, from + hashBytes)
}

function uuidIn(bytes: Buffer, from: number): string {
  return bytes.toString('hex', from, from + 16).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
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
