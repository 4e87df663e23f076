import { expect, test } from 'vitest'
import type { TakenFile } from '../attachments/index.ts'
import { inOrder } from './page-order.ts'

const file = (id: string) => ({ id }) as TakenFile
const ids = (files: readonly TakenFile[]) => files.map(({ id }) => id).join('')
const [a, b, c, d] = [file('a'), file('b'), file('c'), file('d')]

test.each([
  [['3', '1', '2'], 'bcad'],
  [['1', '1', '1'], 'abcd'],
  [['2', '', '1'], 'cad'],
  [['0', 'x', '-1'], 'd'],
  [['10', '9', '2'], 'cbad'],
  [['1', '2'], 'abcd'],
])('pages numbered %j stand as %s', (order, expected) => {
  expect(ids(inOrder({ posted: { 'pages-order': order }, files: [a, b, c, d], fresh: [d] }))).toBe(expected)
})

test('a single page and no page are in order', () => {
  expect(ids(inOrder({ posted: { 'pages-order': '1' }, files: [a], fresh: [] }))).toBe('a')
  expect(ids(inOrder({ posted: {}, files: [d], fresh: [d] }))).toBe('d')
})
