import { emptyFrontier, type Frontier } from './frontier.ts'
import { emptyRoot, hashBytes, nodeHash, splitOf, type Hash } from './merkle.ts'
import { placeOf } from './tile.ts'

export type TileId = { readonly level: number; readonly n: number }

/** The hashes of one tile, end to end; it may be wider than the tree asked about, never narrower. */
export type TileSource = (tile: TileId) => Buffer

/** The root of the complete subtree number `index` of `height`. */
function subtree(tiles: TileSource, height: number, index: number): Hash {
  const { level, n, from, count } = placeOf(height, index)
  const tile = tiles({ level, n })
  if (tile.length < (from + count) * hashBytes) {
    throw new Error(`tile ${level}/${n} has ${tile.length / hashBytes} hashes; ${from + count} are needed`)
  }
  return foldTile(tile.subarray(from * hashBytes, (from + count) * hashBytes))
}

/** The root over the hashes of a tile or an aligned part of it: their number is a power of two. */
export function foldTile(hashes: Buffer): Hash {
  if (hashes.length === hashBytes) return hashes
  const half = hashes.length / 2
  return nodeHash(foldTile(hashes.subarray(0, half)), foldTile(hashes.subarray(half)))
}

/** The root of leaves `from` up to but not including `to`, which RFC 6962 makes one subtree. */
function rangeRoot(tiles: TileSource, from: number, to: number): Hash {
  const count = to - from
  const height = Math.log2(count)
  if (Number.isInteger(height)) return subtree(tiles, height, from / count)
  const middle = from + splitOf(count)
  return nodeHash(rangeRoot(tiles, from, middle), rangeRoot(tiles, middle, to))
}

export function rootInTiles(tiles: TileSource, size: number): Hash {
  return size === 0 ? emptyRoot : rangeRoot(tiles, 0, size)
}

/** The right edge of the tree of `size` leaves, from which it can grow on. */
export function frontierInTiles(tiles: TileSource, size: number): Frontier {
  const frontier = emptyFrontier()
  frontier.size = size
  for (let height = 0, rest = size; rest > 0; height += 1, rest = Math.floor(rest / 2)) {
    frontier.peaks[height] = rest % 2 === 1 ? subtree(tiles, height, rest - 1) : undefined
  }
  return frontier
}

/** PATH of RFC 6962, section 2.1.1: the leaf's sibling first, the root's child last. */
export function inclusionProof(tiles: TileSource, index: number, size: number): Hash[] | { refused: 'not-in-tree' } {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return { refused: 'not-in-tree' }
  const proof: Hash[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (index < middle) {
      proof.unshift(rangeRoot(tiles, middle, to))
      to = middle
    } else {
      proof.unshift(rangeRoot(tiles, from, middle))
      from = middle
    }
  }
  return proof
}

/**
 * PROOF of RFC 6962, section 2.1.2. From the empty tree everything follows, so a proof from size 0 says nothing and is
 * refused rather than handed out empty.
 */
export function consistencyProof(
  tiles: TileSource,
  oldSize: number,
  size: number,
): Hash[] | { refused: 'empty-tree' | 'not-in-tree' } {
  if (oldSize === 0) return { refused: 'empty-tree' }
  if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > size) return { refused: 'not-in-tree' }
  const proof: Hash[] = []
  let [from, to, wholeOld] = [0, size, true]
  while (to !== oldSize) {
    const middle = from + splitOf(to - from)
    if (oldSize <= middle) {
      proof.unshift(rangeRoot(tiles, middle, to))
      to = middle
    } else {
      proof.unshift(rangeRoot(tiles, from, middle))
      from = middle
      wholeOld = false
    }
  }
  if (!wholeOld) proof.unshift(rangeRoot(tiles, from, to))
  return proof
}

/** Which tiles `work` reads. Where a proof leads never depends on a hash, so it is run once on blank tiles. */
export function tilesNeeded(work: (tiles: TileSource) => unknown): TileId[] {
  const needed = new Map<string, TileId>()
  work((tile) => {
    needed.set(tileName(tile), tile)
    return blankTile
  })
  return [...needed.values()]
}

export function tileName(tile: TileId): string {
  return `${tile.level}/${tile.n}`
}

const blankTile = Buffer.alloc(256 * hashBytes)
