import { setImmediate as turn } from 'node:timers/promises'
import type { Checkpoint } from './checkpoint.ts'
import type { Faults } from './fault.ts'
import { append, rootOf, type Frontier } from './frontier.ts'
import { grow, openTiles, type GrowingTree, type Tile } from './growing-tree.ts'
import { hashBytes, type Hash } from './merkle.ts'
import { collectMisplaced, type Misplaced } from './misplaced.ts'
import { hashesAtLevel, tilePath, tileWidth } from './tile.ts'
import { foldTile } from './tree-in-tiles.ts'

/** What is kept for one place in the tree: the leaf hash of its row, and that of the entry which the row names. */
export type Place = {
  readonly seq: number
  readonly id: () => string
  readonly leaf: Hash
  readonly entry: Hash | undefined
}

/** Neighbouring tiles of level 0, the places under them by sequence, and the signed checkpoints among them. */
export type Stretch = {
  readonly tiles: readonly (Buffer | undefined)[]
  readonly places: Iterable<Place, undefined>
  readonly checkpoints: readonly Checkpoint[]
}

export type Kept = {
  stretch(firstTile: number, tiles: number): Promise<Stretch>
  tile(level: number, n: number, width: number): Promise<Buffer | undefined>
}

type Walk = {
  readonly kept: Kept
  readonly head: Checkpoint
  readonly faults: Faults
  readonly tree: GrowingTree
  readonly misplaced: Misplaced
  readonly upper: Tile[]
  /** The largest checkpoint that still agreed, and whether the one after it did not. */
  agreed: number
  disagreed: boolean
}

/** Few: what is done with is freed while it is young. */
const tilesAtOnce = 4
/** Stretches that are asked for ahead, so that the database has the next one to read when one is done. */
const ahead = 2

/**
 * Computes the tree of `head` anew from what is kept, place by place, and names all that does not fit. The next stretches
 * are fetched while one is hashed; nothing older stays in memory. Returns the root as computed.
 */
export async function walkTree(kept: Kept, head: Checkpoint, faults: Faults): Promise<Hash> {
  const tree: GrowingTree = { frontier: { size: 0, peaks: [] }, open: [] }
  const misplaced = collectMisplaced()
  const walk: Walk = { kept, head, faults, tree, misplaced, upper: [], agreed: 0, disagreed: false }
  const count = Math.ceil(head.size / tileWidth)
  const asked: { first: number; stretch: Promise<Stretch> }[] = []
  for (let from = 0, open = true; open;) {
    for (; from < count && asked.length <= ahead; from += tilesAtOnce) {
      const stretch = kept.stretch(from, Math.min(tilesAtOnce, count - from))
      stretch.catch(() => undefined)
      asked.push({ first: from, stretch })
    }
    const next = asked.shift()
    open = next !== undefined && (await walkStretch(walk, next.first, await next.stretch))
  }
  if (tree.frontier.size === head.size) await compareUpper(walk, openTiles(tree))
  misplaced.name(faults)
  return rootOf(tree.frontier)
}

/** False when a tile is lost that cannot be made again from its places: what follows hangs in the air. */
async function walkStretch(walk: Walk, first: number, stretch: Stretch): Promise<boolean> {
  const checkpoints = stretch.checkpoints.values()
  let checkpoint = checkpoints.next().value
  const among = stretch.places[Symbol.iterator]()
  let place = among.next().value
  for (const [offset, stored] of stretch.tiles.entries()) {
    // What was asked for goes out, and what has come is read, between the tiles: hashing alone would let both wait.
    await turn()
    const n = first + offset
    const start = n * tileWidth
    const width = Math.min(tileWidth, walk.head.size - start)
    const places: (Place | undefined)[] = Array.from({ length: width }, () => undefined)
    for (; place && place.seq < start + width; place = among.next().value) places[place.seq - start] = place
    const hashes = await reference(walk, n, width, stored, places)
    if (!hashes) return false
    for (let index = 0; index < width; index += 1) {
      const expected = hashes.subarray(index * hashBytes, (index + 1) * hashBytes)
      comparePlace(walk, start + index, expected, places[index])
      grow(walk.tree, expected, (tile) => walk.upper.push(tile))
      while (checkpoint && checkpoint.size <= walk.tree.frontier.size) {
        compareRoot(walk, checkpoint)
        checkpoint = checkpoints.next().value
      }
    }
  }
  await compareUpper(walk, walk.upper.splice(0))
  return true
}

/**
 * The hashes of tile `n` of level 0 that count. Where the tile and its places disagree, the hash above them (for the
 * last tile: the signed root) tells which of the two was changed.
 */
async function reference(
  walk: Walk,
  n: number,
  width: number,
  stored: Buffer | undefined,
  places: readonly (Place | undefined)[],
): Promise<Buffer | undefined> {
  const tile = tilePath({ level: 0, n, width })
  const leaves = places.map((place) => place?.leaf)
  const whole = leaves.every((leaf) => leaf !== undefined)
  const made = whole ? Buffer.concat(leaves) : undefined
  if (!stored || stored.length !== width * hashBytes) {
    walk.faults.add({ fault: 'tile-missing', tile })
    return made
  }
  if (!made || made.equals(stored)) return stored
  const isRight = await judge(walk, n, width)
  if (!isRight(made) || isRight(stored)) return stored
  walk.faults.add({ fault: 'tile-changed', tile })
  return made
}

async function judge(walk: Walk, n: number, width: number): Promise<(hashes: Buffer) => boolean> {
  const { kept, head, tree } = walk
  if (width < tileWidth) return (hashes) => rootWith(tree.frontier, hashes).equals(head.root)
  const parent = Math.floor(n / tileWidth)
  const above = await kept.tile(1, parent, Math.min(tileWidth, hashesAtLevel(head.size, 1) - parent * tileWidth))
  const index = (n % tileWidth) * hashBytes
  return (hashes) => above?.subarray(index, index + hashBytes).equals(foldTile(hashes)) === true
}

function rootWith(frontier: Frontier, hashes: Buffer): Hash {
  const further: Frontier = { size: frontier.size, peaks: [...frontier.peaks] }
  for (let at = 0; at < hashes.length; at += hashBytes) {
    append(further, hashes.subarray(at, at + hashBytes), () => undefined)
  }
  return rootOf(further)
}

function comparePlace({ faults, misplaced }: Walk, seq: number, expected: Hash, place: Place | undefined): void {
  if (!place) {
    faults.add({ fault: 'sequence-missing', seq })
    misplaced.lost(seq, expected)
    return
  }
  const { id, leaf, entry } = place
  if (!entry) faults.add({ fault: 'entry-missing', entry: id(), seq })
  if (!leaf.equals(expected))
    misplaced.add({ seq, expected, found: leaf, otherwise: { fault: 'sequence-changed', seq } })
  else if (entry && entry !== leaf && !entry.equals(expected)) {
    misplaced.add({ seq, expected, found: entry, otherwise: { fault: 'entry-changed', entry: id(), seq } })
  }
}

/** Of checkpoints that disagree one after the other only the first says where. */
function compareRoot(walk: Walk, checkpoint: Checkpoint): void {
  if (rootOf(walk.tree.frontier).equals(checkpoint.root)) {
    walk.agreed = checkpoint.size
    walk.disagreed = false
    return
  }
  if (!walk.disagreed) walk.faults.add({ fault: 'history-rewritten', size: checkpoint.size, after: walk.agreed })
  walk.disagreed = true
}

async function compareUpper({ kept, faults }: Walk, tiles: readonly Tile[]): Promise<void> {
  for (const { level, n, width, hashes } of tiles) {
    if (level === 0) continue
    const stored = await kept.tile(level, n, width)
    const tile = tilePath({ level, n, width })
    if (stored?.length !== width * hashBytes) faults.add({ fault: 'tile-missing', tile })
    else if (!stored.equals(hashes)) faults.add({ fault: 'tile-changed', tile })
  }
}
