/** The bounds of a map that is drawn flat: west, south, east, north in degrees. */
export type MapFrame = Readonly<{ box: readonly [number, number, number, number] }>

/** In the units of the picture, from its upper left corner. */
export type Spot = Readonly<{ x: number; y: number }>

/** How high a picture of this width is: on the scale of a city the earth is flat, and degrees of longitude are narrower. */
export function mapHeight({ box: [west, south, east, north] }: MapFrame, width: number): number {
  return Math.round((width * (north - south)) / ((east - west) * Math.cos((((south + north) / 2) * Math.PI) / 180)))
}

/** Where a spot of the picture lies, as `lat,long`; a metre is finer than anybody points. */
export function placeAtSpot(frame: MapFrame, width: number, { x, y }: Spot): string {
  const [west, south, east, north] = frame.box
  const lat = north - (y / mapHeight(frame, width)) * (north - south)
  return `${lat.toFixed(5)},${(west + (x / width) * (east - west)).toFixed(5)}`
}

/** Where in the picture a place lies; undefined where it is no point (a neighborhood), or not in the picture. */
export function spotOf(frame: MapFrame, width: number, place: string): Spot | undefined {
  const [west, south, east, north] = frame.box
  const [lat = NaN, long = NaN] = place.split(',').map(Number)
  if (!(lat >= south && lat <= north && long >= west && long <= east)) return undefined
  return { x: ((long - west) / (east - west)) * width, y: ((north - lat) / (north - south)) * mapHeight(frame, width) }
}
