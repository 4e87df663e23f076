import type { Faults, LedgerFault } from './fault.ts'
import type { Hash } from './merkle.ts'

/** A place that holds something else than was signed there, and the fault it is if that stands nowhere else either. */
export type Strange = { seq: number; expected: Hash; found: Hash; otherwise: LedgerFault }

export type Misplaced = {
  add(strange: Strange): void
  /** A place that holds nothing: what was signed there may have been moved. */
  lost(seq: number, expected: Hash): void
  name(faults: Faults): void
}

/** Beyond this many, a ledger is not out of order but another one. */
const manyStrange = 10_000

/** Tells rows that changed places from rows that changed: what is found at one place was signed at another. */
export function collectMisplaced(): Misplaced {
  const all: Strange[] = []
  const home = new Map<string, { seq: number; found?: Hash }>()
  const settle = (place: { seq: number; expected: Hash; found?: Hash }) => {
    home.set(place.expected.toString('hex'), place)
  }
  return {
    add(strange) {
      if (all.length === manyStrange) return
      // The hashes may be views of a whole tile, which would be kept alive with them.
      const kept = { ...strange, expected: Buffer.from(strange.expected), found: Buffer.from(strange.found) }
      all.push(kept)
      settle(kept)
    },
    lost(seq, expected) {
      if (home.size < 2 * manyStrange) settle({ seq, expected: Buffer.from(expected) })
    },
    name(faults) {
      let run: { seq: number; from: number; count: number } | undefined
      const endRun = () => {
        if (run) faults.add({ fault: 'sequence-moved', ...run })
        run = undefined
      }
      for (const one of all) {
        const owner = home.get(one.found.toString('hex'))
        if (owner && run && one.seq === run.seq + run.count && owner.seq === run.from + run.count) {
          run.count += 1
          continue
        }
        endRun()
        if (!owner) faults.add(one.otherwise)
        else if (owner.found?.equals(one.expected) !== true) run = { seq: one.seq, from: owner.seq, count: 1 }
        else if (one.seq < owner.seq) faults.add({ fault: 'sequences-exchanged', seq: one.seq, with: owner.seq })
      }
      endRun()
    },
  }
}
