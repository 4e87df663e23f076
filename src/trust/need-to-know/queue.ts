/** A place in the queue. `turn` comes when fewer than `atOnce` are before it; `leave` must be called, come what may. */
export type QueuePlace = Readonly<{ turn: Promise<void>; leave(): void }>

/** Lets `atOnce` in at a time and lets `waiting` more wait; `enter` is undefined for who comes after those. */
export function createQueue({ atOnce, waiting }: { atOnce: number; waiting: number }) {
  const places: { call: () => void; called: boolean }[] = []

  function callNext(): void {
    for (const place of places.slice(0, atOnce)) {
      if (place.called) continue
      place.called = true
      place.call()
    }
  }

  return {
    enter(): QueuePlace | undefined {
      if (places.length >= atOnce + waiting) return undefined
      const { promise, resolve } = Promise.withResolvers<void>()
      const place = { call: resolve, called: false }
      places.push(place)
      callNext()
      return {
        turn: promise,
        leave: () => {
          const at = places.indexOf(place)
          if (at >= 0) places.splice(at, 1)
          callNext()
        },
      }
    },
  }
}
