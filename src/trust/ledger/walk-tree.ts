import { setImmediate as turn } from 'node:timers/promises'
import type { Checkpoint } from './checkpoint.ts'
import type { Faults } from './fault.ts'
import { emptyFrontier, rootOf } from './frontier.ts'
import { grow, openTiles, type GrowingTree, type Tile } from './growing-tree.ts'
import { hashBytes, type Hash } from './merkle.ts'
import { collectMisplaced, type Misplaced } from './misplaced.ts'
import { hashesAtLevel, tileHeight, tilePath, tileWidth } from './tile.ts'
import { tileNodes, type TileNodes } from './tile-nodes.ts'
import { foldTile } from './tree-in-tiles.ts'

/** What is kept for the places under one tile of level 0. */
export type Places = {
  /** Their leaf hashes, end to end; blank where there is no place. */
  readonly leaves: Buffer
  /** By index: places that are not there, or name an entry that is not, or is another than the one committed to. */
  readonly strange: ReadonlyMap<number, Strange>
}

/** The leaf hash of the entry that a place names, where it is there. */
export type Strange = 'missing' | { readonly id: string; readonly entry: Hash | undefined }

/** Neighbouring tiles of level 0, each with the places under it, and the signed checkpoints among them. */
export type Stretch = {
  readonly tiles: readonly { readonly stored: Buffer | undefined; readonly places: () => Promise<Places> }[]
  readonly checkpoints: readonly Checkpoint[]
}

/** The stretches are asked for ahead, the places of one tile after the other's. */
export type Kept = {
  /** How many tiles a stretch has. */
  readonly atOnce: number
  stretch(firstTile: number, tiles: number): Promise<Stretch>
  tile(level: number, n: number, width: number): Promise<Buffer | undefined>
}

type Walk = {
  readonly kept: Kept
  readonly head: Checkpoint
  readonly faults: Faults
  readonly misplaced: Misplaced
  /** The tree as far as it was walked: over the roots of whole tiles of level 0, and in the tile that comes next. */
  readonly tree: GrowingTree
  readonly nodes: TileNodes
  size: number
  readonly upper: Tile[]
  /** The largest checkpoint that still agreed, and whether the one after it did not. */
  agreed: number
  disagreed: boolean
}

/** Stretches that are asked for ahead, so that the database has the next one to read when one is done. */
const ahead = 2

/**
 * Computes the tree of `head` anew from what is kept, tile by tile, and names all that does not fit. The next stretches
 * are fetched while one is hashed; nothing older stays in memory. Returns the root as computed.
 */
export async function walkTree(kept: Kept, head: Checkpoint, faults: Faults): Promise<Hash> {
  const tree: GrowingTree = { frontier: emptyFrontier(), open: [] }
  const [misplaced, nodes] = [collectMisplaced(), tileNodes()]
  const walk: Walk = { kept, head, faults, misplaced, tree, nodes, size: 0, upper: [], agreed: 0, disagreed: false }
  const count = Math.ceil(head.size / tileWidth)
  const asked: { first: number; stretch: Promise<Stretch> }[] = []
  for (let from = 0, open = true; open;) {
    for (; from < count && asked.length <= ahead; from += kept.atOnce) {
      const stretch = kept.stretch(from, Math.min(kept.atOnce, count - from))
      stretch.catch(() => undefined)
      asked.push({ first: from, stretch })
    }
    const next = asked.shift()
    open = next !== undefined && (await walkStretch(walk, next.first, await next.stretch))
  }
  if (walk.size === head.size) await compareUpper(walk, openTiles(tree))
  misplaced.name(faults)
  return rootAt(walk, walk.size)
}

/** False when a tile is lost that cannot be made again from its places: what follows hangs in the air. */
async function walkStretch(walk: Walk, first: number, { tiles, checkpoints }: Stretch): Promise<boolean> {
  for (const [offset, { stored, places }] of tiles.entries()) {
    // What was asked for goes out, and what has come is read, between the tiles: hashing alone would let both wait.
    await turn()
    const n = first + offset
    const kept = await places()
    const hashes = await reference(walk, n, stored, kept)
    if (!hashes) return false
    if (hashes !== kept.leaves || kept.strange.size > 0) comparePlaces(walk, n * tileWidth, hashes, kept)
    addTile(walk, hashes, checkpoints)
  }
  await compareUpper(walk, walk.upper.splice(0))
  return true
}

function addTile(walk: Walk, hashes: Buffer, checkpoints: readonly Checkpoint[]): void {
  const { nodes, tree } = walk
  const before = walk.size
  walk.size += hashes.length / hashBytes
  nodes.fold(hashes)
  for (const one of checkpoints) if (one.size > before && one.size <= walk.size) compareRoot(walk, one)
  const whole = nodes.peaks(walk.size - before)[tileHeight]
  if (whole) grow(tree, whole, (tile) => walk.upper.push(tile))
}

/**
 * The hashes of tile `n` of level 0 that count; the places' own where they fit. Where the tile and its places disagree, the
 * hash above them (for the last tile: the signed root) tells which of the two was changed.
 */
async function reference(
  walk: Walk,
  n: number,
  stored: Buffer | undefined,
  { leaves, strange }: Places,
): Promise<Buffer | undefined> {
  const width = leaves.length / hashBytes
  const tile = tilePath({ level: 0, n, width })
  const made = [...strange.values()].includes('missing') ? undefined : leaves
  if (stored?.length !== leaves.length) {
    walk.faults.add({ fault: 'tile-missing', tile })
    return made
  }
  if (!made) return stored
  if (made.equals(stored)) return made
  const isRight = await judge(walk, n, width)
  if (!isRight(made) || isRight(stored)) return stored
  walk.faults.add({ fault: 'tile-changed', tile })
  return made
}

async function judge(walk: Walk, n: number, width: number): Promise<(hashes: Buffer) => boolean> {
  const { kept, head, nodes } = walk
  if (width < tileWidth)
    return (hashes) => {
      nodes.fold(hashes)
      return rootAt(walk, head.size).equals(head.root)
    }
  const parent = Math.floor(n / tileWidth)
  const above = await kept.tile(1, parent, Math.min(tileWidth, hashesAtLevel(head.size, 1) - parent * tileWidth))
  const index = (n % tileWidth) * hashBytes
  return (hashes) => above?.subarray(index, index + hashBytes).equals(foldTile(hashes)) === true
}

/** The root over the first `size` leaves: whole tiles, and in the one that was folded last as many as are left. */
function rootAt({ tree: { frontier }, nodes }: Walk, size: number): Hash {
  return rootOf({ size, peaks: [...nodes.peaks(size - frontier.size * tileWidth), ...frontier.peaks] })
}

function comparePlaces({ faults, misplaced }: Walk, from: number, hashes: Buffer, { leaves, strange }: Places): void {
  for (let index = 0; index < hashes.length / hashBytes; index += 1) {
    const seq = from + index
    const expected = hashAt(hashes, index)
    const found = hashAt(leaves, index)
    const odd = strange.get(index)
    if (odd === 'missing') {
      faults.add({ fault: 'sequence-missing', seq })
      misplaced.lost(seq, expected)
      continue
    }
    if (odd && !odd.entry) faults.add({ fault: 'entry-missing', entry: odd.id, seq })
    if (!found.equals(expected)) misplaced.add({ seq, expected, found, otherwise: { fault: 'sequence-changed', seq } })
    else if (odd?.entry && !odd.entry.equals(expected)) {
      misplaced.add({ seq, expected, found: odd.entry, otherwise: { fault: 'entry-changed', entry: odd.id, seq } })
    }
  }
}

function hashAt(hashes: Buffer, index: number): Hash {
  return hashes.subarray(index * hashBytes, (index + 1) * hashBytes)
}

/** Of checkpoints that disagree one after the other only the first says where. */
function compareRoot(walk: Walk, checkpoint: Checkpoint): void {
  if (rootAt(walk, checkpoint.size).equals(checkpoint.root)) {
    walk.agreed = checkpoint.size
    walk.disagreed = false
    return
  }
  if (!walk.disagreed) walk.faults.add({ fault: 'history-rewritten', size: checkpoint.size, after: walk.agreed })
  walk.disagreed = true
}

/** The tree stands on the tiles of level 0, so its own level 0 is the first above them. */
async function compareUpper({ kept, faults }: Walk, tiles: readonly Tile[]): Promise<void> {
  for (const { level: above, n, width, hashes } of tiles) {
    const level = above + 1
    const stored = await kept.tile(level, n, width)
    const tile = tilePath({ level, n, width })
    if (stored?.length !== width * hashBytes) faults.add({ fault: 'tile-missing', tile })
    else if (!stored.equals(hashes)) faults.add({ fault: 'tile-changed', tile })
  }
}
