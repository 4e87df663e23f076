import { expect, test } from 'vitest'
import { readReplyAddress, replyAddress } from './reply-address.ts'
import { createHmac } from 'node:crypto'
import type { City } from '../../city/index.ts'
import type { Keys } from '../../trust/vault/index.ts'

const keysOf = (root: string) =>
  ({
    mac: (label: string, text: string) => createHmac('sha256', `${root}/${label}`).update(text).digest(),
  }) as unknown as Keys
const city = { contact: { email: 'hello@almendra.example.org' } } as City
const house = { keys: keysOf('a'), city }

test('a reply address leads back to its case, however it is written', () => {
  const address = replyAddress(house, 4821)
  expect(address).toMatch(/^reply\+4821\.[a-z2-7]{16}@almendra\.example\.org$/)
  expect(readReplyAddress(house, address)).toBe(4821)
  expect(readReplyAddress(house, ` ${address.toUpperCase()} `)).toBe(4821)
})

test('an address that somebody made up, changed, or had from another city leads nowhere', () => {
  const address = replyAddress(house, 4821)
  const wrong = [
    address.replace('4821', '4822'),
    address.replace(/\.[a-z2-7]/, (two) => `.${two.endsWith('a') ? 'b' : 'a'}`),
    address.replace('almendra', 'almond'),
    replyAddress({ ...house, keys: keysOf('b') }, 4821),
    'reply+4821@almendra.example.org',
    'hello@almendra.example.org',
    '',
  ]
  for (const one of wrong) expect(readReplyAddress(house, one), one).toBeUndefined()
})
