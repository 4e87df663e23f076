import { expect, it } from 'vitest'
import { chance } from './chance.ts'

it('never hands out the same bytes twice, also across its pool’s end', () => {
  const seen = new Set(Array.from({ length: 5000 }, () => chance(16).toString('hex')))
  expect(seen.size).toBe(5000)
  expect(seen.has('0'.repeat(32))).toBe(false)
})

it('hands out bytes of their own: what is done to them does not reach the next', () => {
  const bytes = chance(64)
  bytes.fill(7)
  expect(chance(64).equals(bytes)).toBe(false)
  expect(() => chance(9000)).toThrow(RangeError)
})
