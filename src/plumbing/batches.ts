/** How many batches may be under way at once, and how many pieces of work one may hold. */
export type BatchLimits = Readonly<{ underWay: number; pieces: number }>

/**
 * Does like work together. A piece that finds nothing under way starts at once; pieces that come while as many batches
 * as allowed are under way wait for the next one, and go together. Nobody waits for company. Where a batch fails, its
 * pieces are done one by one, so that a bad one fails alone: `work` must change nothing when it throws.
 */
export function inBatches<Piece, Done>(
  limits: BatchLimits,
  work: (pieces: readonly Piece[]) => Promise<readonly Done[]>,
): (piece: Piece) => Promise<Done> {
  type Waiting = { piece: Piece; resolve: (done: Done) => void; reject: (error: unknown) => void }
  const waiting: Waiting[] = []
  let underWay = 0

  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const done = await work(batch.map(({ piece }) => piece))
      for (const [n, { resolve }] of batch.entries()) resolve(done[n] as Done)
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error)
      else for (const one of batch) await settle([one])
    }
  }
  const next = (): void => {
    if (underWay >= limits.underWay || waiting.length === 0) return
    underWay += 1
    void settle(waiting.splice(0, limits.pieces)).finally(() => {
      underWay -= 1
      next()
    })
  }
  return (piece) =>
    new Promise((resolve, reject) => {
      waiting.push({ piece, resolve, reject })
      next()
    })
}
