import type { City } from '../../../city/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import { spotOf } from '../answering/map-frame.ts'
import { frameOf, mapPicture } from './draw-map.ts'

/** The pin, its tip at the origin. */
const pinLine = 'M0 0C-3-8-10-12-10-20a10 10 0 1 1 20 0c0 8-7 12-10 20Z'

/** The pin over the map, in the units of the picture. */
export function pinOver(city: City, language: Language, answer: string): Html | undefined {
  const [picture, frame] = [mapPicture(city, language), frameOf(city)]
  if (!picture || !frame) return undefined
  const spot = spotOf(frame, picture.width, answer)
  const at = spot ? `translate(${spot.x.toFixed(1)} ${spot.y.toFixed(1)})` : 'translate(-99 -99)'
  return html`<svg class="pin" viewBox="0 0 ${picture.width} ${picture.height}" aria-hidden="true">
    <g transform="${at}"><path d="${pinLine}" /><circle cy="-20" r="3.5" /></g>
  </svg>`
}

/** A place that was pointed at, on the city's own map; its words stand beside it. Undefined where it was no point, or the city has no map. */
export function mapShown(city: City, language: Language, answer: string): Html | undefined {
  const [picture, frame] = [mapPicture(city, language), frameOf(city)]
  if (!picture || !frame || !spotOf(frame, picture.width, answer)) return undefined
  return html`<div class="city-map">
    <img src="${picture.href}" width="${picture.width}" height="${picture.height}" alt="" />
    ${pinOver(city, language, answer)}
  </div>`
}
