import { emptyRoot, nodeHash, type Hash } from './merkle.ts'

/**
 * The right edge of a growing tree: for each bit set in `size` the root of that complete subtree, by height.
 * It is all that appending needs, so a tree of any size grows in memory of a few hundred bytes.
 */
export type Frontier = { size: number; readonly peaks: (Hash | undefined)[] }

export type Completed = (height: number, index: number, hash: Hash) => void

export function emptyFrontier(): Frontier {
  return { size: 0, peaks: [] }
}

/** Adds one leaf hash. `completed` hears of each subtree that is now complete, the leaf itself (height 0) first. */
export function append(frontier: Frontier, leaf: Hash, completed: Completed): void {
  let index = frontier.size
  let height = 0
  let node = leaf
  completed(height, index, node)
  while (index % 2 === 1) {
    const left = frontier.peaks[height]
    if (!left) throw new Error(`the frontier of ${frontier.size} leaves lacks its subtree of height ${height}`)
    node = nodeHash(left, node)
    frontier.peaks[height] = undefined
    index = (index - 1) / 2
    height += 1
    completed(height, index, node)
  }
  frontier.peaks[height] = node
  frontier.size += 1
}

export function rootOf(frontier: Frontier): Hash {
  let root: Hash | undefined
  for (const peak of frontier.peaks) {
    if (peak) root = root ? nodeHash(peak, root) : peak
  }
  return root ?? emptyRoot
}
