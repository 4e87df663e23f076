/** How many pieces of work one batch may hold. */
export type BatchLimits = Readonly<{ pieces: number }>

/** Fewer never go beside another batch: what a batch costs by itself would be paid for too little. */
const few = 4

/**
 * Does like work together. A piece that finds nothing under way starts at once; pieces that come meanwhile wait for the
 * next batch, and go together. Nobody waits for company. Where a batch fails, its pieces are done one by one, so that a
 * bad one fails alone: `work` must change nothing when it throws.
 *
 * A second batch starts beside the one under way once it is as large: whoever does the work then need not wait until this
 * program, which is busy with what comes in, has read that the first is done.
 */
export function inBatches<Piece, Done>(
  limits: BatchLimits,
  work: (pieces: readonly Piece[]) => Promise<readonly Done[]>,
): (piece: Piece) => Promise<Done> {
  type Waiting = { piece: Piece; resolve: (done: Done) => void; reject: (error: unknown) => void }
  const waiting: Waiting[] = []
  const underWay = new Set<readonly Waiting[]>()

  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const done = await work(batch.map(({ piece }) => piece))
      for (const [n, { resolve }] of batch.entries()) resolve(done[n] as Done)
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error)
      else for (const one of batch) await settle([one])
    }
  }
  const mayStart = (): boolean => {
    const [first, second] = underWay
    return waiting.length > 0 && !second && (!first || waiting.length >= Math.max(first.length, few))
  }
  const next = (): void => {
    if (!mayStart()) return
    const batch = waiting.splice(0, limits.pieces)
    underWay.add(batch)
    void settle(batch).finally(() => {
      underWay.delete(batch)
      next()
    })
  }
  return (piece) =>
    new Promise((resolve, reject) => {
      waiting.push({ piece, resolve, reject })
      next()
    })
}
