/** What verification found. Sequences count from 0; `entry` is the entry's id. */
export type LedgerFault =
  | { readonly fault: 'entry-changed'; readonly entry: string; readonly seq: number }
  | { readonly fault: 'entry-missing'; readonly entry: string; readonly seq: number }
  | { readonly fault: 'entry-added'; readonly entry: string }
  | { readonly fault: 'entry-waits'; readonly entry: string }
  | { readonly fault: 'entry-waits-again'; readonly entry: string }
  | { readonly fault: 'pending-without-entry'; readonly entry: string }
  | { readonly fault: 'sequence-missing'; readonly seq: number }
  | { readonly fault: 'sequence-changed'; readonly seq: number }
  | { readonly fault: 'sequences-exchanged'; readonly seq: number; readonly with: number }
  | { readonly fault: 'sequence-moved'; readonly seq: number; readonly from: number; readonly count: number }
  | { readonly fault: 'sequence-beyond'; readonly seq: number; readonly size: number }
  | { readonly fault: 'tile-changed'; readonly tile: string }
  | { readonly fault: 'tile-missing'; readonly tile: string }
  | { readonly fault: 'tile-beyond'; readonly tile: string }
  | { readonly fault: 'bundle-unreadable'; readonly tile: string }
  | { readonly fault: 'checkpoint-missing' }
  | { readonly fault: 'checkpoint-changed'; readonly size: number }
  | { readonly fault: 'checkpoint-unsigned'; readonly size: number }
  | { readonly fault: 'history-rewritten'; readonly size: number; readonly after: number }
  | { readonly fault: 'witness-ahead'; readonly size: number; readonly seen: number }
  | { readonly fault: 'subject-gap'; readonly subject: string; readonly expected: number; readonly found: number }

export type Verified = {
  /** Entries under the last checkpoint, and its root; what was checked even when faults were found. */
  readonly size: number
  readonly root: string
  readonly checkpoints: number
  readonly faults: readonly LedgerFault[]
  /** Faults past the first thousand are counted only. */
  readonly furtherFaults: number
}

export type Faults = { readonly list: LedgerFault[]; further: number; add(fault: LedgerFault): void }

const manyFaults = 1000

/** Keeps the first thousand: a ledger that was replaced as a whole must not fill the memory. */
export function collectFaults(): Faults {
  const faults: Faults = {
    list: [],
    further: 0,
    add(fault) {
      if (faults.list.length < manyFaults) faults.list.push(fault)
      else faults.further += 1
    },
  }
  return faults
}
