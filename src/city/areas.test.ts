import fc from 'fast-check'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { districtAt, districtOf, inBounds, isRefusal, loadCity, placeAt, type City } from './index.ts'

const original = join(import.meta.dirname, '../../city')
const city = loaded(original)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-map-'))
  cpSync(original, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

function loaded(from: string): City {
  const city = loadCity(from)
  if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
  return city
}

/** Changes the map and gives what is told, as `line says`. */
function change(work: (map: GeoJson) => void): string[] {
  const path = join(folder, 'districts.geojson')
  const map = JSON.parse(readFileSync(path, 'utf8')) as GeoJson
  work(map)
  writeFileSync(path, JSON.stringify(map, undefined, 1))
  const result = loadCity(folder)
  return isRefusal(result) ? result.mistakes.map(({ line, says }) => `${String(line > 0)} ${says}`) : []
}

type GeoJson = {
  bbox: number[]
  features: { properties: Record<string, unknown>; geometry: { coordinates: number[][][] } }[]
}
const feature = (map: GeoJson, id: string) => {
  const found = map.features.find(({ properties }) => properties['id'] === id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

const [west = 0, south = 0, east = 0, north = 0] = city.map.box ?? []
const anywhere = fc.record({
  long: fc.double({ min: west, max: east, noNaN: true }),
  lat: fc.double({ min: south, max: north, noNaN: true }),
})

test('every neighborhood of places.yaml is on the map, in a council district', () => {
  expect(city.map.places.map(({ place }) => place).sort()).toEqual([...city.places.keys()].sort())
  for (const { place } of city.map.places)
    expect(city.map.districts.has(districtOf(city, place) ?? ('' as never))).toBe(true)
})

test('wherever a point lies, its neighborhood lies in its district, and both agree with a count of crossings', () => {
  fc.assert(
    fc.property(anywhere, (point) => {
      const place = placeAt(city, point)
      const holding = city.map.places.filter(
        ({ outline }) => crossings(outline.coordinates as number[][][], point) % 2 === 1,
      )
      expect(holding.length).toBeLessThanOrEqual(1)
      expect(place).toBe(holding[0]?.place)
      expect(districtAt(city, point)).toBe(place && districtOf(city, place))
    }),
    { numRuns: 2000 },
  )
})

/** Another way to ask: how often a ray to the east crosses the outline. */
function crossings(rings: number[][][], { lat, long }: { lat: number; long: number }): number {
  return rings.flatMap((ring) =>
    ring.slice(1).filter(([x2 = 0, y2 = 0], n) => {
      const [x1 = 0, y1 = 0] = ring[n] ?? []
      return y1 > lat !== y2 > lat && long < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)
    }),
  ).length
}

test('a point outside the city, or one that is no point, lies nowhere', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (lat, long) => {
      if (inBounds(city, { lat, long })) return
      expect(placeAt(city, { lat, long })).toBeUndefined()
      expect(districtAt(city, { lat, long })).toBeUndefined()
    }),
  )
})

test('a city without a map is a city, and no point lies anywhere in it', () => {
  rmSync(join(folder, 'districts.geojson'))
  const routing = readFileSync(join(folder, 'routing.yaml'), 'utf8').replace(/districts: \[.*\]/, 'places: [riverbend]')
  writeFileSync(join(folder, 'routing.yaml'), routing)
  const bare = loaded(folder)
  expect(placeAt(bare, { lat: 38.73, long: -121.91 })).toBeUndefined()
  expect(inBounds(bare, { lat: 0, long: 0 })).toBe(true)
})

const broken: readonly [string, (map: GeoJson) => void, RegExp][] = [
  [
    'a ring that is not closed',
    (map) => feature(map, 'riverbend').geometry.coordinates[0]?.pop(),
    /^true This ring is not closed/,
  ],
  [
    'a point outside the bounds, which is what latitude and longitude in the wrong order look like',
    (map) => feature(map, 'riverbend').geometry.coordinates[0]?.splice(1, 1, [38.7, -121.9]),
    /^true The point 38.7, -121.9 lies outside the city/,
  ],
  [
    'a neighborhood nobody knows',
    (map) => void (feature(map, 'riverbend').properties['id'] = 'riverband'),
    /Did you mean “riverbend”/,
  ],
  [
    'a district nobody knows',
    (map) => void (feature(map, 'riverbend').properties['district'] = 'district-9'),
    /“district-9” is not a district/,
  ],
  [
    'a district in which it does not lie',
    (map) => void (feature(map, 'riverbend').properties['district'] = 'district-1'),
    /“riverbend” does not lie in “district-1”/,
  ],
  [
    'a neighborhood drawn twice',
    (map) => map.features.push(structuredClone(feature(map, 'riverbend'))),
    /“riverbend” is drawn twice/,
  ],
  [
    'a neighborhood that lies over its neighbor',
    (map) => void (feature(map, 'riverbend').geometry = structuredClone(feature(map, 'cannery-quarter').geometry)),
    /“riverbend” and “cannery-quarter” lie over one another/,
  ],
  ['bounds that hold nothing', (map) => map.bbox.reverse(), /These bounds hold nothing/],
  [
    'something that is no point',
    (map) => feature(map, 'riverbend').geometry.coordinates[0]?.splice(1, 1, ['a'] as never),
    /This is not a point/,
  ],
]
test.each(broken)('%s is refused', (_what, work, says) => {
  expect(change(work).join('\n')).toMatch(says)
})

test('a border that is drawn some metres off is taken', () => {
  const nudge = (map: GeoJson) => {
    for (const point of feature(map, 'riverbend').geometry.coordinates[0] ?? []) point[0] = (point[0] ?? 0) + 0.0001
  }
  expect(change(nudge)).toEqual([])
})

test('two strips that cross like a plus are over one another, though no corner of either lies in the other', () => {
  const strip = (w: number, s: number, e: number, n: number) => [
    [
      [w, s],
      [e, s],
      [e, n],
      [w, n],
      [w, s],
    ],
  ]
  const told = change((map) => {
    map.features = map.features.filter(({ properties }) =>
      ['riverbend', 'northgate'].includes(String(properties['id'])),
    )
    for (const one of map.features) delete one.properties['district']
    feature(map, 'riverbend').geometry.coordinates = strip(-121.95, 38.73, -121.86, 38.74)
    feature(map, 'northgate').geometry.coordinates = strip(-121.91, 38.7, -121.9, 38.76)
  })
  expect(told.join('\n')).toMatch(/lie over one another/)
})
