import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyFrontier, append, rootOf } from './frontier.ts'
import { grow, growingFrom, openTiles, type GrowingTree, type Tile } from './growing-tree.ts'
import { emptyRoot, leafHash, nodeHash } from './merkle.ts'
import { collectFaults, type LedgerFault } from './fault.ts'
import { extendsTree, includes } from './proof.ts'
import { tileNodes } from './tile-nodes.ts'
import {
  consistencyProof,
  frontierInTiles,
  inclusionProof,
  rootInTiles,
  tilesNeeded,
  type TileSource,
} from './tree-in-tiles.ts'
import { walkTree } from './walk-tree.ts'

/** The eight leaves of the Certificate Transparency test data, and the root after each. */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

/** RFC 6962, section 2.1, read word for word: slow, and sharing nothing with the code under test. */
function naiveRoot(data: Buffer[]): Buffer {
  if (data.length === 0) return createHash('sha256').digest()
  if (data.length === 1) return createHash('sha256').update('\0').update(data[0]!).digest()
  const k = naiveSplit(data.length)
  const halves = createHash('sha256').update('\x01')
  return halves
    .update(naiveRoot(data.slice(0, k)))
    .update(naiveRoot(data.slice(k)))
    .digest()
}

function naivePath(m: number, data: Buffer[]): Buffer[] {
  if (data.length === 1) return []
  const k = naiveSplit(data.length)
  if (m < k) return [...naivePath(m, data.slice(0, k)), naiveRoot(data.slice(k))]
  return [...naivePath(m - k, data.slice(k)), naiveRoot(data.slice(0, k))]
}

function naiveConsistency(m: number, data: Buffer[], whole = true): Buffer[] {
  if (m === data.length) return whole ? [] : [naiveRoot(data)]
  const k = naiveSplit(data.length)
  if (m <= k) return [...naiveConsistency(m, data.slice(0, k), whole), naiveRoot(data.slice(k))]
  return [...naiveConsistency(m - k, data.slice(k), false), naiveRoot(data.slice(0, k))]
}

function naiveSplit(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

const dataOf = (size: number) =>
  Array.from({ length: size }, (_, at) => createHash('sha256').update(`leaf ${at}`).digest())

/** The tiles that a keeper would have written for these leaves, in batches of `batch`. */
function tiled(data: Buffer[], batch = data.length): TileSource {
  const kept = new Map<string, Buffer>()
  const keep = ({ level, n, hashes }: Tile) => kept.set(`${level}/${n}`, Buffer.from(hashes))
  const source: TileSource = ({ level, n }) => kept.get(`${level}/${n}`) ?? Buffer.alloc(0)
  for (let from = 0; from < data.length; from += batch) {
    const tree: GrowingTree = growingFrom(source, from)
    for (const one of data.slice(from, from + batch)) grow(tree, leafHash(one), keep)
    openTiles(tree).forEach(keep)
  }
  return source
}

const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 200, max: 1200 }))

describe('the tree of RFC 6962', () => {
  test('the published roots of eight leaves come out', () => {
    const frontier = emptyFrontier()
    expect(rootOf(frontier)).toEqual(emptyRoot)
    const grown = leaves.map((leaf) => {
      append(frontier, leafHash(Buffer.from(leaf, 'hex')), () => undefined)
      return rootOf(frontier).toString('hex')
    })
    expect(grown).toEqual(roots)
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  test('tiles written in any batches give the root that the definition gives', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 700 }), (size, batch) => {
        const data = dataOf(size)
        const tiles = tiled(data, batch)
        expect(rootInTiles(tiles, size)).toEqual(naiveRoot(data))
        expect(rootOf(frontierInTiles(tiles, size))).toEqual(naiveRoot(data))
      }),
      { numRuns: 60 },
    )
  })

  test('what stands over the hashes of a tile gives the root at each size within it', () => {
    const nodes = tileNodes()
    for (const width of [256, 1, 2, 101]) {
      const data = dataOf(width)
      nodes.fold(Buffer.concat(data.map(leafHash)))
      for (let size = 1; size <= width; size += 1)
        expect(rootOf({ size, peaks: nodes.peaks(size) })).toEqual(naiveRoot(data.slice(0, size)))
    }
  })

  test('a tree that fills three levels of tiles grows on from its tiles alone', () => {
    const size = 256 * 256 + 300
    const data = dataOf(size)
    const frontier = emptyFrontier()
    for (const one of data) append(frontier, leafHash(one), () => undefined)
    const tiles = tiled(data, 50_000)
    expect(rootInTiles(tiles, size)).toEqual(rootOf(frontier))
    expect(tiles({ level: 2, n: 0 }).length).toBe(32)
    const proof = inclusionProof(tiles, 65_000, size)
    if ('refused' in proof) throw new Error(proof.refused)
    expect(includes(65_000, size, leafHash(data[65_000]!), proof, rootOf(frontier))).toBe(true)
  })

  test('the tiles of an earlier, smaller tree are the beginnings of the later ones', () => {
    fc.assert(
      fc.property(sizes, sizes, (one, other) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)]
        expect(rootInTiles(tiled(dataOf(large)), small)).toEqual(naiveRoot(dataOf(small)))
      }),
      { numRuns: 30 },
    )
  })
})

describe('a proof that an entry is included', () => {
  test('is the one the definition gives, and holds', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        const [data, index] = [dataOf(size), any % size]
        const proof = inclusionProof(tiled(data), index, size)
        expect(proof).toEqual(naivePath(index, data))
        expect(includes(index, size, leafHash(data[index]!), naivePath(index, data), naiveRoot(data))).toBe(true)
      }),
      { numRuns: 80 },
    )
  })

  test('fails for another leaf, another place, another size, a changed, a missing or a further hash', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), (size, any, other) => {
        const [data, index] = [dataOf(size), any % size]
        const [leaf, proof, root] = [leafHash(data[index]!), naivePath(index, data), naiveRoot(data)]
        const elsewhere = (index + 1 + (other % (size - 1))) % size
        expect(includes(index, size, leafHash(data[elsewhere]!), proof, root)).toBe(false)
        expect(includes(elsewhere, size, leaf, proof, root)).toBe(false)
        expect(includes(index, size, leaf, proof, naiveRoot(data.slice(1)))).toBe(false)
        expect(includes(index, size, leaf, proof.slice(1), root)).toBe(false)
        expect(includes(index, size, leaf, [...proof, root], root)).toBe(false)
        const changed = proof.map((hash, at) => (at === other % proof.length ? nodeHash(hash, hash) : hash))
        expect(includes(index, size, leaf, changed, root)).toBe(false)
      }),
      { numRuns: 80 },
    )
  })

  test('is refused for a place outside the tree', () => {
    const tiles = tiled(dataOf(3))
    expect(inclusionProof(tiles, 3, 3)).toEqual({ refused: 'not-in-tree' })
    expect(inclusionProof(tiles, -1, 3)).toEqual({ refused: 'not-in-tree' })
    expect(includes(0, 0, emptyRoot, [], emptyRoot)).toBe(false)
  })
})

describe('a walk along the tree', () => {
  const size = 256 * 256 + 300
  const data = dataOf(size)
  const tiles = tiled(data, 50_000)
  const leaves = data.map(leafHash)
  const head = { origin: 'town', size, root: rootInTiles(tiles, size) }
  const checkpoints = [1, 255, 256, 257, 65_535, 65_536, 65_800, size].map((at) => ({
    origin: 'town',
    size: at,
    root: rootInTiles(tiles, at),
  }))

  /** What is found when the tile of this name has one byte changed, and the checkpoint of this size another root. */
  async function found(changed?: { tile?: string; checkpoint?: number }): Promise<readonly LedgerFault[]> {
    const faults = collectFaults()
    const kept = (level: number, n: number, width: number) => {
      const hashes = Buffer.from(tiles({ level, n }).subarray(0, width * 32))
      if (changed?.tile === `${level}/${n}`) hashes[33 % hashes.length]! ^= 1
      return hashes
    }
    const signed = checkpoints.map((one) => (one.size === changed?.checkpoint ? { ...one, root: emptyRoot } : one))
    const root = await walkTree(
      {
        atOnce: 7,
        tile: (level, n, width) => Promise.resolve(kept(level, n, width)),
        stretch: (first, count) =>
          Promise.resolve({
            tiles: Array.from({ length: count }, (_, offset) => {
              const among = leaves.slice((first + offset) * 256, (first + offset + 1) * 256)
              const places = () => Promise.resolve({ leaves: Buffer.concat(among), strange: new Map() })
              return { stored: kept(0, first + offset, among.length), places }
            }),
            checkpoints: signed.filter((one) => one.size > first * 256 && one.size <= (first + count) * 256),
          }),
      },
      head,
      faults,
    )
    expect(root).toEqual(head.root)
    return faults.list
  }

  test('finds whole what a keeper wrote, with checkpoints anywhere in it', async () => {
    expect(await found()).toEqual([])
  })

  test('names a changed tile of any level, and after which checkpoint another no longer agrees', async () => {
    for (const [tile, path] of [
      ['0/3', 'tile/0/003'],
      ['0/257', 'tile/0/257.p/44'],
      ['1/0', 'tile/1/000'],
      ['1/1', 'tile/1/001.p/1'],
      ['2/0', 'tile/2/000.p/1'],
    ] as const)
      expect(await found({ tile })).toEqual([{ fault: 'tile-changed', tile: path }])
    for (const [at, one] of checkpoints.entries())
      expect(await found({ checkpoint: one.size })).toEqual([
        { fault: 'history-rewritten', size: one.size, after: checkpoints[at - 1]?.size ?? 0 },
      ])
  })
})

describe('a proof that one tree continues another', () => {
  test('is the one the definition gives, and holds', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, any) => {
        const [data, old] = [dataOf(size), 1 + (any % size)]
        const proof = consistencyProof(tiled(data), old, size)
        expect(proof).toEqual(naiveConsistency(old, data))
        const oldRoot = naiveRoot(data.slice(0, old))
        expect(extendsTree(old, size, oldRoot, naiveRoot(data), naiveConsistency(old, data))).toBe(true)
      }),
      { numRuns: 80 },
    )
  })

  test('fails when an earlier leaf differs or a hash of the proof is changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), (size, any, other) => {
        const [data, old] = [dataOf(size), 1 + (any % (size - 1))]
        const [proof, root] = [naiveConsistency(old, data), naiveRoot(data)]
        const rewritten = data.slice(0, old)
        rewritten[other % old] = Buffer.from('rewritten')
        expect(extendsTree(old, size, naiveRoot(rewritten), root, proof)).toBe(false)
        const changed = proof.map((hash, at) => (at === other % proof.length ? nodeHash(hash, hash) : hash))
        expect(extendsTree(old, size, naiveRoot(data.slice(0, old)), root, changed)).toBe(false)
        expect(extendsTree(old, size, naiveRoot(data.slice(0, old)), root, proof.slice(1))).toBe(false)
      }),
      { numRuns: 80 },
    )
  })

  test('is refused from the empty tree, from which everything follows', () => {
    expect(consistencyProof(tiled(dataOf(5)), 0, 5)).toEqual({ refused: 'empty-tree' })
    expect(extendsTree(0, 5, emptyRoot, naiveRoot(dataOf(5)), [])).toBe(false)
    expect(consistencyProof(tiled(dataOf(5)), 6, 5)).toEqual({ refused: 'not-in-tree' })
  })

  test('which tiles a proof needs is known before any of them is read', () => {
    const size = 66_000
    const needed = tilesNeeded((tiles) => inclusionProof(tiles, 12_345, size))
    const names = needed.map(({ level, n }) => `${level}/${n}`).sort()
    expect(names).toEqual(['0/257', '0/48', '1/0', '1/1'])
  })
})
