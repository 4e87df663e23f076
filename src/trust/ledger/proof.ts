import { nodeHash, type Hash } from './merkle.ts'

/** RFC 9162, section 2.1.3.2: does `proof` lead from the leaf at `index` to `root` in a tree of `size` leaves? */
export function includes(index: number, size: number, leaf: Hash, proof: readonly Hash[], root: Hash): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  let [place, last, node] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      node = nodeHash(sibling, node)
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      node = nodeHash(node, sibling)
    }
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && node.equals(root)
}

/**
 * RFC 9162, section 2.1.4.2: is the tree of `size` leaves the one of `oldSize` leaves with leaves only added?
 * A proof from the empty tree proves nothing and is never accepted.
 */
export function extendsTree(oldSize: number, size: number, oldRoot: Hash, root: Hash, proof: readonly Hash[]): boolean {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 1 || oldSize > size) return false
  if (oldSize === size) return proof.length === 0 && oldRoot.equals(root)
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : proof
  const first = path[0]
  if (!first) return false
  let [place, last] = [oldSize - 1, size - 1]
  while (place % 2 === 1) [place, last] = [half(place), half(last)]
  let [oldNode, node] = [first, first]
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      oldNode = nodeHash(sibling, oldNode)
      node = nodeHash(sibling, node)
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      node = nodeHash(node, sibling)
    }
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && oldNode.equals(oldRoot) && node.equals(root)
}

function half(value: number): number {
  return Math.floor(value / 2)
}
