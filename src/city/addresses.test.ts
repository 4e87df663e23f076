import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { districtOf, findAddress, inBrief, isRefusal, loadCity, placesFrom, streetsLike, type City } from './index.ts'
import { readAddresses } from './files/read-addresses.ts'

const original = join(import.meta.dirname, '../../city')
let folder: string
let city: City
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-addresses-'))
  cpSync(original, folder, { recursive: true })
  const loaded = loadCity(folder)
  if (isRefusal(loaded)) throw new Error(JSON.stringify(loaded.mistakes))
  city = loaded
})
afterAll(() => rmSync(folder, { recursive: true }))

const found = (text: string) => {
  const one = findAddress(city, text)
  return one && (isRefusal(one) ? `${one.refused}: ${one.near.join('; ')}` : `${one.text} (${one.place})`)
}

test('however an address is written, it is found as the city writes it, with its apartment and its neighborhood', () => {
  const willow = ['12 Willow Street', '12  willow st.', '12 WILLOW', '12 Willow St, Almendra, CA 95999', '12 willow street almendra california', ' 12 Willow St '] // prettier-ignore
  for (const text of willow) expect([text, found(text)]).toEqual([text, '12 Willow Street (riverbend)'])
  expect(found('12 willow st apt 4')).toBe('12 Willow Street, apt 4 (riverbend)')
  expect(found('12 Willow Street #4b, Almendra')).toBe('12 Willow Street, #4b (riverbend)')
  expect(found('11 St. Francis St, Unit B')).toBe('11 Saint Francis Street, Unit B (mission-grove)')
  expect(found('15 w 3rd st')).toBe('15 West Third Street (depot-district)')
  expect(found('18 1/2 willow st')).toBe('18 1/2 Willow Street (riverbend)')
  expect(found('418 Willow St')).toBe('418 Willow Street (mission-grove)')
  expect(districtOf(city, 'mission-grove' as never)).toBe('district-5')
})

test('an address that is not there is not found, and what comes nearest is named with the apartment', () => {
  expect(found('14 Willow Street apt 2')).toBe(
    'no-such-number: 12 Willow Street, apt 2; 18 Willow Street, apt 2; 18 1/2 Willow Street, apt 2; 24 Willow Street, apt 2',
  )
  expect(found('12 Wilow Street')).toContain('no-such-address: 12 Willow Street')
  for (const elsewhere of [
    '12 Willow Street, Portland',
    '12 Willow Street, Portland, OR 97201',
    'Willow Street',
    'at my mother’s',
    '',
    '0 Willow Street',
  ])
    // prettier-ignore
    expect([elsewhere, found(elsewhere)]).toEqual([elsewhere, 'no-such-address: '])
})

test('a line that is wrong is told with its number, and then no city is loaded', () => {
  const path = join(folder, 'addresses.csv')
  const source = readFileSync(path, 'utf8')
  const lines = ['number,street,neighborhood', '12,Oak Street,riverbend', 'twelve,Oak Street,riverbend', '14,Oak Street,rivrbend', '12,Oak Street,riverbend', '16,Oak St,riverbend', '18,Oak Street', '20,7,riverbend'] // prettier-ignore
  writeFileSync(path, `${lines.join('\r\n')}\r\n`)
  const refused = loadCity(folder)
  writeFileSync(path, source)
  if (!isRefusal(refused)) throw new Error('loaded')
  expect(refused.mistakes.map(({ file, line, column, says }) => [file === path, line, column, says])).toEqual([
    [true, 3, 1, '“twelve” is not a house number.'],
    [true, 4, 15, '“rivrbend” is not a neighborhood. Did you mean “riverbend”?'],
    [true, 5, 1, '12 Oak Street stands twice.'],
    [true, 6, 4, '“Oak St” is “Oak Street” on line 2.'],
    [true, 7, 1, 'This line has 2 parts.'],
    [true, 8, 4, '“7” is not a street.'],
  ])
})

test('forty thousand addresses are kept in less than a megabyte, and each is found', () => {
  const many = mkdtempSync(join(tmpdir(), 'cityhall-many-'))
  const places = [...city.places.keys()]
  const rows = Array.from({ length: 40_000 }, (_, at) => {
    const street = Math.floor(at / 40)
    return `${String(100 + (at % 40) * 2)},${name(street)} Street,${places[street % places.length] ?? ''}`
  })
  writeFileSync(join(many, 'addresses.csv'), ['number,street,neighborhood', ...rows].join('\n'))
  const addresses = readAddresses(many, city)
  rmSync(many, { recursive: true })
  if (!addresses || 'mistakes' in addresses) throw new Error(JSON.stringify(addresses))
  expect(addresses.size).toBe(40_000)
  expect(addresses.streets.size).toBe(1000)
  const bytes = [...addresses.streets].reduce(
    (sum, [key, { name, codes, places }]) =>
      sum + 2 * (key.length + name.length) + codes.byteLength + places.byteLength + 400,
    0,
  )
  expect(bytes).toBeLessThan(1_000_000)
  for (let n = 0; n < 2000; n++) expect(isRefusal(findAddress({ addresses }, `${String(100 + (n % 40) * 2)} ${name(n % 1000)} st`))).toBe(false) // prettier-ignore
})

test('what a browser is sent finds the same and offers the same, and is small', () => {
  const brief = JSON.stringify(inBrief(city))
  expect(gzipSync(brief).length).toBeLessThan(12_000)
  const sent = placesFrom(JSON.parse(brief) as ReturnType<typeof inBrief>)
  for (const typed of ['12 willow st', '14 Willow', '15 W 3rd, apt 4', '9999 nowhere', '12 Wilow Street', 'Willow']) {
    const { place: _, ...found } = findAddress(city, typed) as { place?: string }
    const { place: __, ...there } = findAddress(sent, typed) as { place?: string }
    expect(there).toEqual(found)
  }
  const { addresses } = sent
  if (!addresses) throw new Error('no list was sent')
  expect(streetsLike(addresses, '12 wil', 8)).toEqual(['12 Willow Street'])
  expect(streetsLike(addresses, '15 w thi', 8)).toEqual(['15 West Third Street'])
  for (const typed of ['9999 wil', 'Willow', '12 ']) expect(streetsLike(addresses, typed, 8)).toEqual([])
})

const syllables = ['ba', 'co', 'di', 'fu', 'ga', 'he', 'ji', 'ko', 'lu', 'ma']
const name = (street: number) => {
  const [a = 0, b = 0, c = 0] = String(street).padStart(3, '0').split('').map(Number)
  const word = `${syllables[a] ?? ''}${syllables[b] ?? ''}${syllables[c] ?? ''}r`
  return word.charAt(0).toUpperCase() + word.slice(1)
}
