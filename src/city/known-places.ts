import type { MultiPolygon, Polygon } from 'geojson'
import { streetsFrom, type Addresses } from './addresses.ts'
import type { Box, District } from './areas.ts'
import type { City, Place } from './city.ts'
import type { PlaceId } from './ids.ts'

/** What of a city is needed to tell whether an address or a point lies in it. */
export type KnownPlaces = Pick<City, 'addresses' | 'map'> &
  Readonly<{ places: ReadonlyMap<PlaceId, Pick<Place, 'name'>> }>

type Outlined = Readonly<{ box: Box; outline: Polygon | MultiPolygon }>

/** The same as data that a browser is sent whole, so that nobody is asked about what somebody types. */
export type PlacesInBrief = Readonly<{
  /** A street's name, and its numbers (`codeOf`), each as what it is more than the one before. */
  streets?: readonly (readonly [name: string, ...more: number[]])[]
  tail: readonly string[]
  places: readonly (readonly [PlaceId, Place['name']])[]
  box?: Box
  outlines: readonly (Outlined & Readonly<{ place: PlaceId }>)[]
  districts: readonly District[]
}>

export function inBrief({ addresses, places, map }: KnownPlaces): PlacesInBrief {
  return {
    ...(addresses && { streets: [...addresses.streets.values()].map(({ name, codes }) => [name, ...steps(codes)]) }),
    tail: [...(addresses?.tail ?? [])],
    places: [...places].map(([id, { name }]) => [id, name]),
    ...(map.box && { box: map.box }),
    outlines: map.places.map(({ place, box, outline }) => ({ place, box, outline })),
    districts: [...map.districts.values()],
  }
}

const steps = (codes: Uint32Array): number[] => [...codes].map((code, at) => code - (codes[at - 1] ?? 0))

/** What a browser was sent, as the look-ups want it. In which neighborhood an address lies is not told there. */
export function placesFrom({ streets, tail, places, box, outlines, districts }: PlacesInBrief): KnownPlaces {
  const named = new Map(places.map(([id, name]) => [id, { name }]))
  return {
    ...(streets && { addresses: addressesFrom(streets, tail) }),
    places: named,
    map: {
      ...(box && { box }),
      places: outlines,
      districts: new Map(districts.map((one) => [one.id, one])),
    },
  }
}

function addressesFrom(streets: NonNullable<PlacesInBrief['streets']>, tail: readonly string[]): Addresses {
  const read = streets.map(([name, ...more]) => {
    let code = 0
    const codes = Uint32Array.from(more, (step) => (code += step))
    return { name, codes, places: new Uint16Array(codes.length) }
  })
  return { ...streetsFrom(read), places: [], tail: new Set(tail) }
}
