/** C2SP tlog-tiles: a tile is up to 256 neighbouring hashes of one level; level L stands at height 8 L of the tree. */
export const tileWidth = 256
export const tileHeight = 8
const highestLevel = 63

export type TileAddress = { readonly level: number; readonly n: number; readonly width: number }
export type BundleAddress = { readonly level: 'entries'; readonly n: number; readonly width: number }

/** `tile/1/x001/234`, `tile/0/005.p/17`, `tile/entries/000`: what follows the log's prefix. */
export function tilePath(address: TileAddress | BundleAddress): string {
  const digits = String(address.n)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? []
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  const partial = address.width === tileWidth ? '' : `.p/${address.width}`
  return `tile/${address.level}/${number}${partial}`
}

/**
 * Reads what `tilePath` writes and nothing else: each tile has exactly one address, so that caches cannot be filled
 * with copies of it under other spellings.
 */
export function parseTilePath(path: string): TileAddress | BundleAddress | undefined {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
  if (!parts) return undefined
  const [, level = '', number = '', partial] = parts
  const n = Number(number.replace(/[x/]/g, ''))
  const width = partial === undefined ? tileWidth : Number(partial)
  if (width < 1 || width > tileWidth) return undefined
  const address = { level: level === 'entries' ? ('entries' as const) : Number(level), n, width }
  if (address.level !== 'entries' && address.level > highestLevel) return undefined
  return tilePath(address) === path ? address : undefined
}

/** How many hashes level `level` has in a tree of `size` leaves. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level)
}

/** The rightmost, partial tile of each level (a level whose hashes fill whole tiles has none). */
export function partialTiles(size: number): TileAddress[] {
  const tiles: TileAddress[] = []
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    const hashes = hashesAtLevel(size, level)
    const width = hashes % tileWidth
    if (width > 0) tiles.push({ level, n: Math.floor(hashes / tileWidth), width })
  }
  return tiles
}

/** Where the root of the complete subtree number `index` of `height` is found: its tile, and which hashes to fold. */
export function placeOf(height: number, index: number): { level: number; n: number; from: number; count: number } {
  const level = Math.floor(height / tileHeight)
  const count = 2 ** (height - level * tileHeight)
  const first = index * count
  return { level, n: Math.floor(first / tileWidth), from: first % tileWidth, count }
}
