/**
 * Does like work together, `most` pieces at a time. A piece that finds nothing under way starts at once; pieces that come
 * meanwhile wait for the next batch, and go together. Nobody waits for company.
 *
 * A batch takes half of the pieces that it and the last one found. Where whoever was answered comes again at once, all
 * of one batch would come together, and this program and whom it asks would work in turns; two halves keep both at work.
 *
 * Where a batch fails, its pieces are done one by one, so that a bad one fails alone: `work` must change nothing when
 * it throws.
 */
export function inBatches<Piece, Done>(
  most: number,
  work: (pieces: readonly Piece[]) => Promise<readonly Done[]>,
): (piece: Piece) => Promise<Done> {
  type Waiting = { piece: Piece; resolve: (done: Done) => void; reject: (error: unknown) => void }
  const waiting: Waiting[] = []
  let underWay = false
  let last = 0

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
    if (underWay || waiting.length === 0) return
    underWay = true
    const batch = waiting.splice(0, Math.min(most, Math.ceil((last + waiting.length) / 2)))
    last = batch.length
    void settle(batch).finally(() => {
      underWay = false
      next()
    })
  }
  return (piece) =>
    new Promise((resolve, reject) => {
      waiting.push({ piece, resolve, reject })
      next()
    })
}
