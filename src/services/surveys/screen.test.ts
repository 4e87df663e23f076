import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleCity } from '../../../test/support/house.ts'
import { harmlessIn } from './answer-of.ts'
import { mask, screen } from './screen.ts'

const harmless = harmlessIn(sampleCity())
const screened = (text: string) => screen(text, harmless).text

describe('free words', () => {
  it.each([
    ['write to teresa.wills@example.org today', `write to ${mask} today`],
    ['teresa (at) example (dot) org', mask],
    ['see https://example.org/me?x=1 for more', `see ${mask} for more`],
    ['ask @teresa_w', `ask ${mask}`],
    ['call 530 555-0187 after five', `call ${mask} after five`],
    ['call (530) 555.0187', `call ${mask}`],
    ['my number is 123-45-6789.', `my number is ${mask}.`],
    ['card 4111 1111 1111 1111', `card ${mask}`],
    ['the car 7ABC123 parks here', `the car ${mask} parks here`],
    ['licence D1234567', `licence ${mask}`],
    ['born 4/12/1956', `born ${mask}`],
    ['I live at 418 Willow Street', `I live at ${mask}`],
    ['at 12 elm st. near the pool', `at ${mask} near the pool`],
    ['vivo en Calle Olivo 22', `vivo en ${mask}`],
    ['in apt 4B', `in ${mask}`],
    ['P.O. Box 117', mask],
    ['My name is Teresa Wills and I walk', `My name is ${mask} and I walk`],
    ['me llamo teresa ruiz', `me llamo ${mask}`],
    ['I am Teresa Wills', `I am ${mask}`],
    ['ask Mrs. Delaney about it', `ask ${mask} about it`],
    ['la señora Ruiz lo sabe', `la ${mask} lo sabe`],
    ['my neighbor Harold Simms burns trash', `my neighbor ${mask} burns trash`],
    ['then Harold Simms came', `then ${mask} came`],
  ])('are masked where they tell about a person: %s', (said, kept) => {
    expect(screened(said)).toBe(kept)
  })

  it.each([
    'More shade on the way to school.',
    'A quiet room for homework.',
    'The path in Levee Park floods, and so does Depot District.',
    'Open from 9 to 5, and until 9 pm on Thursdays.',
    'Los autobuses de los domingos, por favor.',
    'I would pay $25 more for 3 more hours.',
    'The number 12 bus is late.',
  ])('stay as they are where they tell about nobody: %s', (said) => {
    expect(screen(said, harmless)).toEqual({ text: said, masked: 0 })
  })

  it('never keep an address, a telephone number or a number of nine digits, whatever stands around them', () => {
    const around = fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((text) => text.replace(/[@\d]/g, ''))
    const local = fc.stringMatching(/^[a-z][a-z0-9]{2,9}$/)
    const digits = fc.stringMatching(/^[1-9][0-9]{9}$/)
    fc.assert(
      fc.property(around, local, digits, around, (before, name, number, after) => {
        const text = `${before} ${name}@mail.example ${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)} ${after}`
        const kept = screened(text)
        expect(kept).not.toContain(`${name}@`)
        expect(kept.replace(/\D/g, '')).not.toContain(number.slice(3))
      }),
    )
  })

  it('are read in a time that grows no faster than they do', () => {
    for (const piece of ['Aa ', '1 ', 'a@', 'My name is ', 'calle ', '12 Willow ', 'apt ', 'A'.repeat(30)]) {
      const begun = performance.now()
      screen(piece.repeat(Math.ceil(8_000 / piece.length)), harmless)
      expect(performance.now() - begun, piece).toBeLessThan(1_000)
    }
  })
})
