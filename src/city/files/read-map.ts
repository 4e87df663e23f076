import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MultiPolygon, Polygon } from 'geojson'
import {
  isMistaken,
  nearest,
  readYaml,
  type Static,
  type Mistake,
  type Mistaken,
  type Path,
  type Yaml,
} from '../../plumbing/index.ts'
import type { Box, CityMap, District, MappedPlace } from '../areas.ts'
import { districtAt, inBox } from '../areas.ts'
import type { City } from '../city.ts'
import type { DistrictId, PlaceId } from '../ids.ts'
import { mapFile } from './map-file.ts'
import { innerPoint, overlap } from './outlines.ts'

type MapYaml = Yaml<Static<typeof mapFile>>
type Feature = MapYaml['value']['features'][number]
type Outlined = Readonly<{ index: number; feature: Feature; outline: Polygon | MultiPolygon; box: Box }>
type Tell = (path: Path, says: string, allowed: string) => void

export const noMap: CityMap = { places: [], districts: new Map() }

/** The same spot measured twice differs by some metres; more than this is a street in two neighborhoods. */
const toleranceMetres = 20

/**
 * The city's map from `districts.geojson`: GeoJSON is read as what it also is, YAML, so that a mistake is told at its
 * line. Refused: an outline that is not closed or leaves the city's bounds, a neighborhood that places.yaml does not
 * have, one drawn twice, one that lies in another, one in a district that is not there.
 */
export function readMap(folder: string, city: Pick<City, 'places'>): CityMap | Mistaken {
  const path = join(folder, 'districts.geojson')
  if (!existsSync(path)) return noMap
  const file = readYaml(path, mapFile)
  if (isMistaken(file)) return file
  const mistakes: Mistake[] = []
  const tell: Tell = (at, says, allowed) => mistakes.push(file.mistake(at, says, allowed))
  const box = file.value.bbox as unknown as Box
  if (!(box[0] < box[2] && box[1] < box[3] && box.every((degrees, n) => Math.abs(degrees) <= (n % 2 ? 90 : 180))))
    tell(['bbox'], 'These bounds hold nothing.', 'west, south, east, north in degrees')
  const drawn = file.value.features.flatMap((feature, index): Outlined[] => {
    const outline = outlineOf(feature, ['features', index, 'geometry', 'coordinates'], box, tell)
    return outline ? [{ index, feature, outline, box: boxOf(outline) }] : []
  })
  checkNames(file.value.features, city, tell)
  checkOverlaps(drawn, tell)
  if (mistakes.length > 0) return { mistakes }
  const map = assembleMap(drawn, box)
  checkHomes(drawn, map, tell)
  return mistakes.length > 0 ? { mistakes } : map
}

function outlineOf(feature: Feature, path: Path, box: Box, tell: Tell): Polygon | MultiPolygon | undefined {
  const { type, coordinates } = feature.geometry
  const pieces = type === 'Polygon' ? [coordinates] : coordinates
  const wrong = pieces.flatMap((rings, n) => wrongIn(rings, type === 'Polygon' ? path : [...path, n], box))
  for (const { path: at, says, allowed } of wrong.slice(0, 5)) tell(at, says, allowed)
  return wrong.length > 0 ? undefined : ({ type, coordinates } as Polygon | MultiPolygon)
}

type Wrong = Readonly<{ path: Path; says: string; allowed: string }>

function wrongIn(rings: unknown, path: Path, box: Box): Wrong[] {
  if (!Array.isArray(rings) || rings.length === 0)
    return [{ path, says: 'This is not an outline.', allowed: 'a list of rings' }]
  return rings.flatMap((ring: unknown, n): Wrong[] => {
    const at = [...path, n]
    if (!Array.isArray(ring) || ring.length < 4)
      return [{ path: at, says: 'A ring of less than four points encloses nothing.', allowed: 'four points or more' }]
    const [first, last] = [ring[0], ring.at(-1)] as unknown[]
    const open: Wrong = { path: at, says: 'This ring is not closed.', allowed: 'the first point again as the last' }
    const strays = ring.flatMap((point: unknown, m): Wrong[] => {
      const says = strayWords(point, box)
      return says === undefined ? [] : [{ path: [...at, m], says, allowed: 'longitude, then latitude, within bbox' }]
    })
    return [...strays.slice(0, 3), ...(JSON.stringify(first) === JSON.stringify(last) ? [] : [open])]
  })
}

function strayWords(point: unknown, box: Box): string | undefined {
  const numbers = Array.isArray(point) && point.length >= 2 && point.every((one) => typeof one === 'number')
  if (!numbers) return 'This is not a point.'
  const [long = NaN, lat = NaN] = point
  return inBox(box, { lat, long }) ? undefined : `The point ${String(long)}, ${String(lat)} lies outside the city.`
}

function checkNames(features: readonly Feature[], { places }: Pick<City, 'places'>, tell: Tell): void {
  const seen = new Set<string>()
  const districts = features.filter(({ properties }) => properties.kind === 'district').map((one) => one.properties.id)
  for (const [index, { properties }] of features.entries()) {
    const { kind, id, name, district } = properties
    const path = ['features', index, 'properties']
    if (seen.has(`${kind} ${id}`)) tell([...path, 'id'], `“${id}” is drawn twice.`, 'one outline, or a MultiPolygon')
    seen.add(`${kind} ${id}`)
    if (kind === 'district' && !name) tell(path, `The district “${id}” has no name.`, 'name with en and es')
    if (kind === 'neighborhood' && !places.has(id as PlaceId)) {
      tell([...path, 'id'], unknownWords(id, 'a neighborhood of places.yaml', [...places.keys()]), list(places.keys()))
    }
    if (district !== undefined && !districts.includes(district))
      tell([...path, 'district'], unknownWords(district, 'a district of this file', districts), list(districts))
  }
}

const list = (names: Iterable<string>) => [...names].join(', ')

function unknownWords(name: string, what: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  return `“${name}” is not ${what}.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
}

function checkOverlaps(drawn: readonly Outlined[], tell: Tell): void {
  for (const [n, one] of drawn.entries())
    for (const other of drawn.slice(n + 1)) {
      const same = one.feature.properties.kind === other.feature.properties.kind
      const twice = one.feature.properties.id === other.feature.properties.id
      if (!same || twice || !meet(one.box, other.box)) continue
      const spot = overlap(one.outline, other.outline, toleranceMetres)
      if (!spot) continue
      const names = `“${one.feature.properties.id}” and “${other.feature.properties.id}”`
      const says = `${names} lie over one another, for example at ${spot.map((degrees) => degrees.toFixed(5)).join(', ')}.`
      const allowed = `outlines that share at most ${String(toleranceMetres)} metres along their border`
      tell(['features', other.index, 'geometry'], says, allowed)
    }
}

const meet = (a: Box, b: Box) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]

/** A neighborhood is said to lie in a district: then its middle does. */
function checkHomes(drawn: readonly Outlined[], map: CityMap, tell: Tell): void {
  for (const { index, feature, outline } of drawn) {
    const { kind, id, district } = feature.properties
    if (kind !== 'neighborhood' || district === undefined) continue
    const [long = NaN, lat = NaN] = innerPoint(outline)
    const home = districtAt({ map }, { lat, long })
    if (home === district) continue
    const says = `“${id}” does not lie in “${district}” on this map.`
    tell(['features', index, 'properties', 'district'], says, home ?? 'a district in which it lies, or none')
  }
}

function assembleMap(drawn: readonly Outlined[], box: Box): CityMap {
  const places = drawn.flatMap(({ feature: { properties }, outline, box }): MappedPlace[] => {
    if (properties.kind !== 'neighborhood') return []
    const district = properties.district as DistrictId | undefined
    return [{ place: properties.id as PlaceId, box, outline, ...(district !== undefined && { district }) }]
  })
  const districts = drawn.flatMap(({ feature: { properties }, outline, box }) => {
    const id = properties.id as DistrictId
    const name = properties.name
    return properties.kind === 'district' && name ? [[id, { id, name, box, outline } satisfies District] as const] : []
  })
  return { box, places, districts: new Map(districts) }
}

function boxOf(outline: Polygon | MultiPolygon): Box {
  const points = (outline.type === 'Polygon' ? outline.coordinates : outline.coordinates.flat()).flat()
  const west = points.reduce((least, [long = least]) => Math.min(least, long), Infinity)
  const east = points.reduce((most, [long = most]) => Math.max(most, long), -Infinity)
  const south = points.reduce((least, [, lat = least]) => Math.min(least, lat), Infinity)
  const north = points.reduce((most, [, lat = most]) => Math.max(most, lat), -Infinity)
  return [west, south, east, north]
}
