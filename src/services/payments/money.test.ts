import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsCardNumber } from './card-number.ts'
import { less, moneyOf, mostMoney, plainMoney, readMoney, sayMoney, sum } from './money.ts'
import { drawReference, inGroups, readReference } from './reference.ts'

const cents = fc.integer({ min: 1, max: mostMoney })

describe('money', () => {
  it('is read back to the cent from everything that it is written as', () => {
    fc.assert(
      fc.property(cents, (amount) => {
        const money = moneyOf(amount)
        expect(readMoney(plainMoney(money))).toBe(amount)
        expect(readMoney(sayMoney('en', money))).toBe(amount)
      }),
    )
  })

  it('adds and takes away without losing a cent', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 40 }), (amounts) => {
        const money = amounts.map(moneyOf)
        const total = sum(money)
        expect(BigInt(total)).toBe(amounts.reduce((all, one) => all + BigInt(one), 0n))
        expect(money.reduce(less, total)).toBe(0)
      }),
    )
  })

  it.each(['', '0', '0.00', '-5', '−5', '5.001', '1e3', '12,5', '1,00', 'NaN', '0x10', ' . ', '12 50', '$'])(
    'refuses “%s”, which is no amount to pay',
    (typed) => {
      expect(readMoney(typed)).toEqual({ refused: 'not-an-amount' })
    },
  )

  it('refuses more than a million dollars, half a cent and less than nothing', () => {
    expect(readMoney('1,000,000.01')).toEqual({ refused: 'too-much' })
    expect(readMoney('999999999')).toEqual({ refused: 'too-much' })
    for (const cents of [-1, 0.5, Number.NaN, 1e12, Infinity]) expect(() => moneyOf(cents)).toThrow(RangeError)
    expect(() => less(moneyOf(100), moneyOf(101))).toThrow(RangeError)
  })

  it('is shown as people of each language write it', () => {
    expect(sayMoney('en', moneyOf(123_450))).toBe('$1,234.50')
    expect(sayMoney('es', moneyOf(123_450))).toMatch(/^\$\s?1,234\.50$/)
    expect(sayMoney('en', moneyOf(5))).toBe('$0.05')
  })
})

describe('a payment reference', () => {
  it('is read as it is written, in groups or not, and never twice the same', () => {
    const drawn = Array.from({ length: 500 }, drawReference)
    expect(new Set(drawn).size).toBe(drawn.length)
    for (const one of drawn) {
      expect(readReference(inGroups(one))).toBe(one)
      expect(readReference(one.replace(/(...)/g, '$1-'))).toBe(one)
      expect(holdsCardNumber(one)).toBe(false)
    }
  })

  it('shows every wrong digit and every exchange of two neighbours', () => {
    const one = drawReference()
    for (let at = 0; at < one.length; at += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const wrong = one.slice(0, at) + String(digit) + one.slice(at + 1)
        if (wrong !== one) expect(readReference(wrong)).toEqual({ refused: 'slip' })
      }
      const swapped = one.slice(0, at) + (one[at + 1] ?? '') + (one[at] ?? '') + one.slice(at + 2)
      if (swapped.length === 12 && swapped !== one) expect(readReference(swapped)).toEqual({ refused: 'slip' })
    }
    expect(readReference('12345')).toEqual({ refused: 'not-a-reference' })
  })
})

describe('a card number', () => {
  it.each([
    '4111 1111 1111 1111',
    '4111-1111-1111-1111 12/29 123',
    'card: 378282246310005 exp 09/30',
    '30569309025904',
    '６０１１１１１１１１１１１１１７',
  ])('is found in “%s”', (text) => {
    expect(holdsCardNumber(text)).toBe(true)
  })

  it.each(['check 10442', '4829 1057 3344', '4829 1057 3366 9021 7745 0318', '(530) 555-0100'])(
    'is not taken for one: “%s”',
    (text) => {
      expect(holdsCardNumber(text)).toBe(false)
    },
  )
})
