import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inBatches } from './batches.ts'

it('starts the first piece at once, and does together what came meanwhile', async () => {
  const batches: number[][] = []
  const double = inBatches<number, number>({ pieces: 3 }, async (pieces) => {
    batches.push([...pieces])
    await sleep(5)
    return pieces.map((piece) => piece * 2)
  })
  expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10])
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
})

it('lets a bad piece fail alone', async () => {
  const root = inBatches<number, number>({ pieces: 9 }, async (pieces) => {
    await sleep(1)
    if (pieces.includes(-1)) throw new RangeError('no root')
    return pieces.map(Math.sqrt)
  })
  const [first, good, bad, other] = await Promise.allSettled([1, 4, -1, 9].map(root))
  expect([first, good, other]).toMatchObject([{ value: 1 }, { value: 2 }, { value: 3 }])
  expect(bad).toMatchObject({ status: 'rejected', reason: new RangeError('no root') })
})

it('starts a second batch beside the first once it is as large, and never a third', async () => {
  const batches: number[][] = []
  const ends: (() => void)[] = []
  const keep = inBatches<number, number>({ pieces: 9 }, async (pieces) => {
    batches.push([...pieces])
    await new Promise<void>((resolve) => ends.push(resolve))
    return pieces
  })
  const first = keep(1)
  // Two would be as many as one, but too few to go beside it.
  const beside = [2, 3, 4, 5].map(keep)
  expect(batches).toEqual([[1], [2, 3, 4, 5]])
  const third = [6, 7, 8, 9].map(keep)
  expect(batches).toHaveLength(2)
  ends[0]?.()
  expect(await first).toBe(1)
  await sleep(1)
  expect(batches.at(-1)).toEqual([6, 7, 8, 9])
  const last = [10, 11, 12].map(keep)
  ends[1]?.()
  expect(await Promise.all(beside)).toEqual([2, 3, 4, 5])
  await sleep(1)
  // Three wait for four: they go when those are done.
  expect(batches).toHaveLength(3)
  ends[2]?.()
  expect(await Promise.all(third)).toEqual([6, 7, 8, 9])
  await sleep(1)
  ends[3]?.()
  expect(await Promise.all(last)).toEqual([10, 11, 12])
})
