import { append, type Frontier } from './frontier.ts'
import { hashBytes, type Hash } from './merkle.ts'
import { partialTiles, tileWidth } from './tile.ts'
import { frontierInTiles, type TileSource } from './tree-in-tiles.ts'

export type Tile = { readonly level: number; readonly n: number; readonly width: number; readonly hashes: Buffer }

type OpenTile = { n: number; width: number; hashes: Buffer }

/** A tree to which leaves are added, with the one tile of each level that is not full yet. */
export type GrowingTree = { readonly frontier: Frontier; readonly open: OpenTile[] }

const levelHeight = 8

/** The tree of `size` leaves as its tiles show it; only the tiles of its right edge are read. */
export function growingFrom(tiles: TileSource, size: number): GrowingTree {
  const tree: GrowingTree = { frontier: frontierInTiles(tiles, size), open: [] }
  for (let level = 0; tileWidth ** level <= size; level += 1) {
    tree.open[level] = { n: Math.floor(size / tileWidth ** (level + 1)), width: 0, hashes: blank() }
  }
  for (const { level, n, width } of partialTiles(size)) {
    const open = { n, width, hashes: blank() }
    tiles({ level, n }).copy(open.hashes, 0, 0, width * hashBytes)
    tree.open[level] = open
  }
  return tree
}

/** Adds one leaf hash; `full` hears of each tile that it filled, lower levels first. */
export function grow(tree: GrowingTree, leaf: Hash, full: (tile: Tile) => void): void {
  append(tree.frontier, leaf, (height, _index, hash) => {
    if (height % levelHeight !== 0) return
    const level = height / levelHeight
    const open = (tree.open[level] ??= { n: 0, width: 0, hashes: blank() })
    hash.copy(open.hashes, open.width * hashBytes)
    open.width += 1
    if (open.width < tileWidth) return
    full({ level, n: open.n, width: tileWidth, hashes: open.hashes })
    tree.open[level] = { n: open.n + 1, width: 0, hashes: blank() }
  })
}

/** The partial tiles of the tree as it stands. */
export function openTiles(tree: GrowingTree): Tile[] {
  return tree.open.flatMap(({ n, width, hashes }, level) =>
    width === 0 ? [] : [{ level, n, width, hashes: hashes.subarray(0, width * hashBytes) }],
  )
}

function blank(): Buffer {
  return Buffer.alloc(tileWidth * hashBytes)
}
