import { expect, test } from 'vitest'
import { readAhead } from './read-ahead.ts'

test('every form is read once, in turn, and none after the program was told to stop', async () => {
  const ending = new AbortController()
  const read: string[] = []
  const form = (id: string, then?: () => void) => ({
    look: () => {
      read.push(id)
      then?.()
      return { answers: {}, asked: [], errors: [] }
    },
  })
  await readAhead([form('a'), form('b')], ending.signal, 0)
  expect(read).toEqual(['a', 'b'])
  const stop = () => {
    ending.abort()
  }
  await readAhead([form('c', stop), form('d')], ending.signal, 0)
  expect(read).toEqual(['a', 'b', 'c'])
})
