import { hashBytes, nodeHashInto, type Hash } from './merkle.ts'
import { tileHeight, tileWidth } from './tile.ts'

/** What stands in the tree over the hashes of one tile, computed in place: of a million leaves nothing is left to collect. */
export type TileNodes = {
  /** Takes the hashes of a tile, and what it took before is gone. */
  fold(hashes: Buffer): void
  /** The roots of the complete subtrees that the first `count` hashes make, by height: a frontier's lowest peaks. */
  peaks(count: number): (Hash | undefined)[]
}

export function tileNodes(): TileNodes {
  const levels = Array.from({ length: tileHeight + 1 }, (_, above) => Buffer.alloc((tileWidth >> above) * hashBytes))
  return {
    fold(hashes) {
      let below = hashes
      for (const [above, level] of levels.entries()) {
        if (above === 0) hashes.copy(level)
        const nodes = above === 0 ? 0 : (hashes.length / hashBytes) >> above
        for (let node = 0; node < nodes; node += 1) nodeHashInto(level, node * hashBytes, below, 2 * node * hashBytes)
        below = level
      }
    },
    peaks: (count) =>
      levels.map((level, above) => {
        const nodes = count >> above
        return nodes % 2 === 1 ? Buffer.from(level.subarray((nodes - 1) * hashBytes, nodes * hashBytes)) : undefined
      }),
  }
}
