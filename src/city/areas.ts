import type { MultiPolygon, Polygon } from 'geojson'
import type { DistrictId, PlaceId } from './ids.ts'
import { isInOutline } from './in-outline.ts'
import type { Text } from './text.ts'

/** West, south, east, north, in degrees (RFC 7946, section 5). */
export type Box = readonly [number, number, number, number]

/** A piece of the city's map: its outline in degrees, checked when the file was read. */
type Outlined = Readonly<{ box: Box; outline: Polygon | MultiPolygon }>

/** A neighborhood on the map; which council district it lies in, where that is one. */
export type MappedPlace = Outlined & Readonly<{ place: PlaceId; district?: DistrictId }>

/** A council district. */
export type District = Outlined & Readonly<{ id: DistrictId; name: Text }>

/** The city's map, from `districts.geojson`. A city without that file has none, and no point lies anywhere. */
export type CityMap = Readonly<{
  box?: Box
  places: readonly MappedPlace[]
  districts: ReadonlyMap<DistrictId, District>
}>

/** WGS 84, as everybody's telephone gives it. */
export type Point = Readonly<{ lat: number; long: number }>

type Mapped = Readonly<{ map: CityMap }>

/** The neighborhood in which a point lies. On a border it is the one that stands first in the file; outside the city, none. */
export function placeAt({ map }: Mapped, point: Point): PlaceId | undefined {
  return map.places.find((area) => liesIn(area, point))?.place
}

/** The council district in which a point lies. */
export function districtAt({ map }: Mapped, point: Point): DistrictId | undefined {
  return [...map.districts.values()].find((area) => liesIn(area, point))?.id
}

/** The council district of a neighborhood, where it lies in one. */
export function districtOf({ map }: Mapped, place: PlaceId): DistrictId | undefined {
  return map.places.find((area) => area.place === place)?.district
}

/** Whether a point lies within the bounds that the city's map says of itself. A city without a map has no bounds. */
export function inBounds({ map }: Mapped, point: Point): boolean {
  return map.box === undefined || inBox(map.box, point)
}

function liesIn({ box, outline }: Outlined, point: Point): boolean {
  return inBox(box, point) && isInOutline([point.long, point.lat], outline)
}

/** A number that is none is in no box: NaN compares false. */
export function inBox([west, south, east, north]: Box, { lat, long }: Point): boolean {
  return long >= west && long <= east && lat >= south && lat <= north
}
