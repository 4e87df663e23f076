import { sql, type Reader } from '../../plumbing/index.ts'
import type { Hash } from './merkle.ts'
import { tileName, type TileId, type TileSource } from './tree-in-tiles.ts'

export type Head = { readonly size: number; readonly root: Hash; readonly note: string }

/** The newest checkpoint; undefined before the keeper first ran. */
export function lastCheckpoint(reader: Reader): Promise<Head | undefined> {
  return reader.row<Head>(sql`select size, root, note from ledger.checkpoint order by size desc limit 1`)
}

/** Exactly these tiles, in one round trip. Asking the result for another one is a fault. */
export async function loadTiles(reader: Reader, tiles: readonly TileId[]): Promise<TileSource> {
  const found = new Map<string, Buffer>()
  if (tiles.length > 0) {
    const rows = await reader.rows<TileId & { hashes: Buffer }>(sql`
      select t.level, t.n, t.hashes
      from unnest(${tiles.map((tile) => tile.level)}::int[], ${tiles.map((tile) => tile.n)}::bigint[]) as wanted (level, n)
      join ledger.tile t on t.level = wanted.level and t.n = wanted.n`)
    for (const row of rows) found.set(tileName(row), row.hashes)
  }
  return (tile) => {
    const hashes = found.get(tileName(tile))
    if (!hashes) throw new Error(`tile ${tileName(tile)} of the ledger is missing`)
    return hashes
  }
}
