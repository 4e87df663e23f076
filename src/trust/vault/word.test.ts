import { afterAll, beforeAll, expect, test } from 'vitest'
import { join } from 'node:path'
import { temporaryFolder } from '../../../test/support/cluster.ts'
import { openKeyFile, wordTokens, type Keys } from './index.ts'

const folder = temporaryFolder()
let keys: Keys
beforeAll(() => {
  keys = openKeyFile(join(folder.path, 'keys.json'))
})
afterAll(() => {
  folder.remove()
})

const hex = (text: string) => wordTokens(keys, text).map((token) => token.toString('hex'))

test.each([
  ['Baches', 'el bache'],
  ['CANCIÓN', 'cancion'],
  ['the holes', 'Hole'],
  ['two buses', 'Bus'],
  ['ﬁre', 'fire'],
  ['Señora Peña', 'senora PENA'],
])('%s and %s are the same words', (one, other) => {
  expect(hex(one)).toEqual(expect.arrayContaining(hex(other)))
  expect(hex(other).length).toBeGreaterThan(0)
})

test('a token is eight bytes, tells neither order nor number, and is another one under another key', () => {
  expect(wordTokens(keys, 'hydrant').map(({ length }) => length)).toEqual([8])
  expect(hex('hydrant broken hydrant hydrant')).toEqual(hex('broken hydrant'))
  const others = openKeyFile(join(folder.path, 'others.json'))
  expect(wordTokens(others, 'hydrant')).not.toEqual(wordTokens(keys, 'hydrant'))
})

test('words that stand everywhere, and words of one or two letters, have no token', () => {
  expect(hex('the and with por que los de la it is 12')).toEqual([])
})

test('what is not words, or is without end, costs no more than two thousand tokens', () => {
  expect(hex('\u0000\ud800 %% -- ""')).toEqual([])
  expect(hex(Array.from({ length: 50_000 }, (_, n) => `word${String(n)}`).join(' '))).toHaveLength(2_000)
  expect(hex('x'.repeat(1_000_000))).toEqual([])
})
