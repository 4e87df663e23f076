import { DatabaseFault, sql, type Db, type Tx } from '../../plumbing/index.ts'
import { openCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.ts'
import { ContinuityBroken } from './continuity.ts'
import { rootOf } from './frontier.ts'
import { grow, growingFrom, openTiles, type GrowingTree, type Tile } from './growing-tree.ts'
import { emptyRoot, leafHash } from './merkle.ts'
import { verifierOf, type Signer } from './note.ts'
import { lastCheckpoint, loadTiles, type Head } from './read.ts'
import { partialTiles } from './tile.ts'
import { rootInTiles, tilesNeeded } from './tree-in-tiles.ts'
import type { Witness } from './witness.ts'

/** One keeper at a time writes the tree of one database. */
const keeperLock = 4_173_520_185

/** Entries in one transaction at most: bounds its length and its memory. */
export const batchSize = 10_000

/** `size` is the tree after the call; `busy` means that another keeper is at it. */
export type Sequenced = { readonly sequenced: number; readonly size: number } | { readonly busy: true }

type Pending = { entry_id: string; commitment: Buffer }

/**
 * Takes pending entries into the tree, oldest first, and signs a checkpoint over it, all in one transaction: what is
 * published was there with its tiles. A crash before the commit leaves everything pending; a crash after it leaves the
 * witness behind, which the next call brings up to date. So starting up is the same path as going on.
 * Throws `ContinuityBroken` and writes nothing when the database no longer holds what was signed before.
 */
export async function sequence(db: Db, signer: Signer, witness: Witness, limit = batchSize): Promise<Sequenced> {
  const seen = await witness.last()
  const done = await db.transaction((tx) => sequenceOnce(tx, signer, seen, witness.file, limit))
  if (done === 'busy') return { busy: true }
  await witness.advance(done.note)
  return { sequenced: done.sequenced, size: done.size }
}

type Done = { note: string; sequenced: number; size: number }

async function sequenceOnce(
  tx: Tx,
  signer: Signer,
  seen: Checkpoint | undefined,
  file: string,
  limit: number,
): Promise<Done | 'busy'> {
  // A checkpoint that is public must survive a crash, whatever the database's own setting.
  const lock = await tx.row<{ held: boolean }>(sql`
    select pg_try_advisory_xact_lock(${keeperLock}::bigint) as held, set_config('synchronous_commit', 'on', true)`)
  if (lock?.held !== true) return 'busy'
  // Asked after the lock: a statement sees what was committed before it began, so the former keeper's work is seen.
  const [head, leaves, pending] = await Promise.all([lastCheckpoint(tx), leafCount(tx), takePending(tx, limit)])
  const size = head?.size ?? 0
  const tree = await continued(tx, { head, leaves, seen, file, signer })
  if (pending.length === 0 && head) return { note: head.note, sequenced: 0, size }

  const full: Tile[] = []
  for (const { commitment } of pending) grow(tree, leafHash(commitment), (tile) => full.push(tile))
  const root = rootOf(tree.frontier)
  const note = signCheckpoint(tree.frontier.size, root, signer)
  const newHead = { size: tree.frontier.size, root, note }
  await write(tx, size, pending, [...full, ...openTiles(tree)], newHead).catch((error: unknown) => {
    const isTwice = error instanceof DatabaseFault && error.constraint === 'leaf_entry_id_key'
    throw isTwice ? broken('an entry that already has its place is pending again') : error
  })
  return { note, sequenced: pending.length, size: tree.frontier.size }
}

async function leafCount(tx: Tx): Promise<number> {
  const row = await tx.row<{ leaves: number }>(sql`select coalesce(max(seq) + 1, 0) as leaves from ledger.leaf`)
  return row?.leaves ?? 0
}

/**
 * Time and then id, so that two keepers given the same entries would write the same tree. Each entry is looked up by its
 * id (the offset sees to it): a planner without fresh statistics would read the whole ledger, at every look.
 */
function takePending(tx: Tx, limit: number): Promise<Pending[]> {
  return tx.rows<Pending>(sql`
    select p.entry_id, e.commitment
    from ledger.pending p
      cross join lateral (select * from ledger.entry e where e.id = p.entry_id offset 0) e
    order by e.at, e.id limit ${limit}::int`)
}

type Found = { head: Head | undefined; leaves: number; seen: Checkpoint | undefined; file: string; signer: Signer }

/** The tree as the database has it, once it is certain that it continues what this key has signed. */
async function continued(tx: Tx, { head, leaves, seen, file, signer }: Found): Promise<GrowingTree> {
  const size = head?.size ?? 0
  if (seen && seen.size > size) {
    throw new ContinuityBroken(
      `the database holds ${size} ledger entries, but ${file} shows that ${seen.size} were already signed and ` +
        'published: entries are lost. Was the database restored from an older back-up? Restore a newer one. If the ' +
        'entries are lost for good, say so publicly, move that file away, and start again: the ledger then begins anew ' +
        `from entry ${size}, and anyone who saved a later checkpoint will see the break.`,
    )
  }
  if (leaves !== size) {
    throw broken(`the last checkpoint covers ${size} entries, but ${leaves} have a place in the tree`)
  }
  if (head) checkHead(head, signer)
  const needed = [...partialTiles(size), ...tilesNeeded((tiles) => rootInTiles(tiles, seen?.size ?? 0))]
  const tiles = await loadTiles(tx, needed)
  const tree = readable(() => growingFrom(tiles, size))
  if (!tree || !rootOf(tree.frontier).equals(head?.root ?? emptyRoot)) {
    throw broken(`the tiles no longer give the root that was signed for ${size} entries`)
  }
  if (seen && !readable(() => rootInTiles(tiles, seen.size))?.equals(seen.root)) {
    throw broken(`the first ${seen.size} entries are not the ones that ${file} shows as signed`)
  }
  return tree
}

function checkHead(head: Head, signer: Signer): void {
  const verifier = verifierOf(signer.vkey)
  const checkpoint = verifier ? openCheckpoint(head.note, verifier) : { refused: 'unsigned' as const }
  if ('refused' in checkpoint) {
    throw new ContinuityBroken(
      `the last checkpoint in the database (${head.size} entries) was not signed by the key of ${signer.name} ` +
        `(${checkpoint.refused}). Put back the ledger.key that belongs to this database, from the back-up of the secrets.`,
    )
  }
  if (checkpoint.size !== head.size || !checkpoint.root.equals(head.root)) {
    throw broken('the last checkpoint says something else than what was signed')
  }
}

/** Undefined when a tile that it needs is missing or too short: only a change from outside does that. */
function readable<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function broken(found: string): ContinuityBroken {
  return new ContinuityBroken(
    `${found}. The ledger was changed from outside. Nothing is written until a person has looked: run ` +
      `'npx cityhall ledger verify', which names the place, and restore the database from a back-up.`,
  )
}

/** Leaves, tiles, checkpoint and the end of pending, in one statement. */
async function write(tx: Tx, size: number, pending: Pending[], tiles: Tile[], head: Head): Promise<void> {
  const ids = pending.map((one) => one.entry_id)
  await tx.rows(sql`
    with taken as (
      insert into ledger.leaf (seq, entry_id, commitment)
      select ${size}::bigint + place - 1, entry_id, commitment
      from unnest(${ids}::uuid[], ${pending.map((one) => one.commitment)}::bytea[])
        with ordinality as one (entry_id, commitment, place)
    ), tiled as (
      insert into ledger.tile as t (level, n, width, hashes)
      select * from unnest(${tiles.map((tile) => tile.level)}::int[], ${tiles.map((tile) => tile.n)}::bigint[],
        ${tiles.map((tile) => tile.width)}::int[], ${tiles.map((tile) => tile.hashes)}::bytea[])
      on conflict (level, n) do update set width = excluded.width, hashes = excluded.hashes
        where t.width < excluded.width
    ), settled as (
      delete from ledger.pending where entry_id = any (${ids}::uuid[])
    )
    insert into ledger.checkpoint (size, root, note) values (${head.size}::bigint, ${head.root}, ${head.note})`)
}
