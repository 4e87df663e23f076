import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPersonal, type Known } from './find-personal.ts'

const nobody: Known = { contact: {}, letters: [] }
const marked = (text: string, known = nobody) =>
  findPersonal(text, known).map(({ from, until, sign }) => [sign, text.slice(from, until)])

describe('what looks personal', () => {
  it('is marked by its shape', () => {
    expect(marked('Write to ana.ruiz@example.org.')).toMatchObject([
      ['email', expect.stringContaining('ana.ruiz@example.org')],
    ])
    expect(marked('Call (530) 555-0142 now')).toMatchObject([['telephone', expect.stringContaining('530) 555-0142')]])
    expect(marked('at 12 Willow Street')).toEqual([['address', '12 Willow Street']])
    expect(marked('Apt 4 upstairs')).toEqual([['address', 'Apt 4']])
    expect(marked('Calle Sauce, near door #7')).toEqual([['address', '#7']])
    expect(marked('the car 7ABC123 stands')).toEqual([['plate', '7ABC123']])
    expect(marked('see https://example.org/me')).toEqual([['web', 'https://example.org/me']])
    expect(marked('Mrs. Vega called')).toEqual([['name', 'Mrs. Vega']])
  })

  it('is marked where the case knows the name, whatever its accents and case', () => {
    const known: Known = { contact: { name: 'Marisol Peña', email: 'm.vega77@example.org' }, letters: [] }
    expect(marked('Ask MARISOL or pena or vega77', known)).toEqual([
      ['name', 'MARISOL'],
      ['name', 'pena'],
      ['name', 'vega77'],
    ])
  })

  it('is marked where six words in a row are the person’s own', () => {
    const known: Known = { contact: {}, letters: ['My son fell off his bicycle there, and cried.'] }
    expect(marked('A child: son fell off his bicycle there, we fix it', known)).toEqual([
      ['copied', 'son fell off his bicycle there'],
    ])
    expect(marked('Somebody fell off a bicycle.', known)).toEqual([])
  })

  it('is not what a clerk should write', () => {
    for (const text of [
      'A crew fills the hole on Thursday.',
      'The lamp at the corner is ordered; it takes 3 weeks.',
      'El bache se rellena el jueves, entre las 8 y las 12.',
    ])
      expect(marked(text), text).toEqual([])
  })

  it('never overlaps, never leaves the text, and finds an address wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const text = `${before} ana@example.org ${after}`
        const marks = findPersonal(text, { contact: { name: before }, letters: [after] })
        let at = 0
        for (const { from, until } of marks) {
          expect(from).toBeGreaterThanOrEqual(at)
          expect(until).toBeGreaterThan(from)
          at = until
        }
        expect(at).toBeLessThanOrEqual(text.length)
        const where = before.length + 1
        expect(marks.some(({ from, until }) => from <= where && until >= where + 'ana@example.org'.length)).toBe(true)
      }),
    )
  })

  it('is found in time that grows with the text, whatever it is made of', () => {
    for (const piece of ['1 ', 'A', '1-', '@', 'A1', 'Aa ', '(', 'http://', '1 A'])
      expect(findPersonal(piece.repeat(500), nobody)).toBeDefined()
  })
})
