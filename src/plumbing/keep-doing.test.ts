import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { keepDoing } from './keep-doing.ts'

/** How many times as long as it had worked it rested, after each of the first turns. */
async function rests(turns: number, options: Readonly<{ share?: number; more: boolean; takes: number }>) {
  const ending = new AbortController()
  const [begun, done]: [number[], number[]] = [[], []]
  const work = async () => {
    begun.push(performance.now())
    if (begun.length > turns) ending.abort()
    await sleep(options.takes)
    done.push(performance.now())
    return options.more
  }
  const { share } = options
  await keepDoing({
    work,
    every: 1,
    onFault: () => expect.unreachable(),
    signal: ending.signal,
    ...(share && { share }),
  })
  return begun.slice(1).map((at, turn) => (at - (done[turn] ?? NaN)) / ((done[turn] ?? NaN) - (begun[turn] ?? NaN)))
}

/** Keeps this process busy until it is stopped. */
function busy(): () => void {
  let on = true
  const turn = () => {
    for (const until = performance.now() + 4; performance.now() < until;);
    if (on) setImmediate(turn)
  }
  turn()
  return () => (on = false)
}

test('work that can wait leaves the others nine times as long as it took, also when there is more of it', async () => {
  for (const more of [true, false])
    for (const rest of await rests(2, { share: 0.1, more, takes: 10 })) expect(rest).toBeGreaterThan(8)
})

test('and more than twice that while this process is busy', async () => {
  const stop = busy()
  for (const rest of await rests(2, { share: 0.1, more: true, takes: 10 })) expect(rest).toBeGreaterThan(18)
  stop()
})

test('other work goes on at once while there is more, and else after its pause', async () => {
  for (const more of [true, false]) for (const rest of await rests(2, { more, takes: 60 })) expect(rest).toBeLessThan(5)
})

test('a fault is told and the work tried again, after a pause that doubles', async () => {
  const ending = new AbortController()
  const faults: unknown[] = []
  const work = () => {
    if (faults.length === 3) ending.abort()
    return Promise.reject(new Error('no'))
  }
  const begun = performance.now()
  await keepDoing({ work, every: 10, onFault: (fault) => faults.push(fault), signal: ending.signal })
  expect(faults).toHaveLength(4)
  expect(performance.now() - begun).toBeGreaterThan(20 + 40 + 80 - 5)
})
