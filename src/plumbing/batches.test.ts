import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inBatches } from './batches.ts'

it('starts the first piece at once, and does together what came meanwhile', async () => {
  const batches: number[][] = []
  const double = inBatches<number, number>(3, async (pieces) => {
    batches.push([...pieces])
    await sleep(5)
    return pieces.map((piece) => piece * 2)
  })
  expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10])
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
})

it('makes two halves of those who come again soon after they are answered', async () => {
  const sizes: number[] = []
  const answer = inBatches<number, number>(64, async (pieces) => {
    sizes.push(pieces.length)
    await sleep(10)
    return pieces
  })
  const again = async (one: number) => {
    for (let turn = 0; turn < 4; turn++) {
      await answer(one)
      await sleep(1)
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, one) => again(one)))
  expect(sizes.slice(0, 6)).toEqual([1, 8, 8, 8, 8, 8])
})

it('lets a bad piece fail alone', async () => {
  const root = inBatches<number, number>(9, async (pieces) => {
    await sleep(1)
    if (pieces.includes(-1)) throw new RangeError('no root')
    return pieces.map(Math.sqrt)
  })
  const [first, good, bad, other] = await Promise.allSettled([1, 4, -1, 9].map(root))
  expect([first, good, other]).toMatchObject([{ value: 1 }, { value: 2 }, { value: 3 }])
  expect(bad).toMatchObject({ status: 'rejected', reason: new RangeError('no root') })
})
