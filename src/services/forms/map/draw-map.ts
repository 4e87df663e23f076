import type { MultiPolygon, Polygon, Position } from 'geojson'
import type { City } from '../../../city/index.ts'
import { shortHash, type Language } from '../../../plumbing/index.ts'
import { mapHeight, spotOf, type MapFrame } from '../answering/map-frame.ts'

/** The picture is drawn as wide as the large one; on a telephone it is shown at the smaller width, with larger names. */
export const mapWidths = { large: 560, small: 272 } as const
const width = mapWidths.large

export type MapSize = keyof typeof mapWidths
export type CityMapPicture = Readonly<{ href: string; svg: string; width: number; height: number }>

/** What the map of a city spans; undefined where the city has none. */
export function frameOf({ map }: Pick<City, 'map'>): MapFrame | undefined {
  return map.box && { box: map.box }
}

const pictures = new WeakMap<object, Map<string, CityMapPicture>>()

/**
 * The city's neighborhoods and districts as one picture, drawn from its own outlines: no tile and no script of anybody
 * else. The same for everyone, so it is kept for good under an address that holds its hash.
 */
export function mapPicture(
  city: Pick<City, 'map' | 'places'>,
  language: Language,
  size: MapSize = 'large',
): CityMapPicture | undefined {
  const frame = frameOf(city)
  if (!frame) return undefined
  const known = pictures.get(city.map) ?? new Map<string, CityMapPicture>()
  pictures.set(city.map, known)
  const made = known.get(language + size) ?? draw(city, frame, language, size)
  known.set(language + size, made)
  return made
}

function draw(
  { map, places }: Pick<City, 'map' | 'places'>,
  frame: MapFrame,
  language: Language,
  size: MapSize,
): CityMapPicture {
  const height = mapHeight(frame, width)
  const areas = map.places.map(
    ({ outline }, at) => `<path d="${lineOf(frame, outline)}" fill="${tints[at % tints.length] ?? ''}"/>`,
  )
  const borders = [...map.districts.values()].map(({ outline }) => `<path d="${lineOf(frame, outline)}"/>`)
  const names = map.places.map(({ place, outline }) =>
    nameAt(frame, outline, places.get(place)?.name[language] ?? '', size),
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}">
<rect width="100%" height="100%" fill="#e4ebe8"/>
<g stroke="#8fa39b" stroke-width="0.8" stroke-linejoin="round">${areas.join('')}</g>
<g fill="none" stroke="#4d6a60" stroke-width="1.8" stroke-linejoin="round">${borders.join('')}</g>
<g fill="#1b2321" font-family="sans-serif" font-size="${String(letters[size])}" font-weight="600" text-anchor="middle" stroke="#fbfaf6" stroke-width="3" paint-order="stroke">${names.join('')}</g>
</svg>`
  return { href: `/assets/map.${language}.${shortHash(svg)}.svg`, svg, width, height }
}

/** The height of letters in units of the picture. */
const letters = { large: 13, small: 19 } as const

const tints = ['#f6f1e3', '#eaf0e2', '#f2ebe0', '#e9eee9', '#f5eee8']

const ringsOf = ({ type, coordinates }: Polygon | MultiPolygon): readonly Position[][] =>
  type === 'Polygon' ? coordinates : coordinates.flat()

function lineOf(frame: MapFrame, outline: Polygon | MultiPolygon): string {
  return ringsOf(outline).map((ring) => `M${spotsOf(frame, ring).join('L')}Z`).join('') // prettier-ignore
}

function spotsOf(frame: MapFrame, ring: readonly Position[]): string[] {
  return ring.map(([long = 0, lat = 0]) => {
    const { x, y } = spotOf(frame, width, `${String(lat)},${String(long)}`) ?? { x: 0, y: 0 }
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  })
}

/** A name stands in the middle of its outline's bounds, in as many lines as words where it is long. */
function nameAt(frame: MapFrame, outline: Polygon | MultiPolygon, name: string, size: MapSize): string {
  const spots = spotsOf(frame, ringsOf(outline)[0] ?? []).map((spot) => spot.split(' ').map(Number))
  const middle = (at: 0 | 1) =>
    (Math.min(...spots.map((spot) => spot[at] ?? 0)) + Math.max(...spots.map((spot) => spot[at] ?? 0))) / 2
  const lines = name.length > (size === 'large' ? 12 : 8) ? name.split(' ') : [name]
  return lines
    .map((line, at) => {
      const y = middle(1) + letters[size] * (0.35 + (at - (lines.length - 1) / 2) * 1.1)
      return `<text x="${middle(0).toFixed(0)}" y="${y.toFixed(0)}">${escaped(line)}</text>`
    })
    .join('')
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
