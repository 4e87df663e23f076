/** Lets in so many at a time; the others wait in order. Undefined where so many wait already that one more would only wait. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T | undefined>

export function turns(atOnce: number, mostWaiting: number): Turns {
  const waiting: (() => void)[] = []
  let inside = 0
  return async (work) => {
    if (inside >= atOnce) {
      if (waiting.length >= mostWaiting) return undefined
      // Whoever leaves hands the place on, so nobody who comes meanwhile takes it.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else inside++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else inside--
    }
  }
}
