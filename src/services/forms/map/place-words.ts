import { placeAt, type City, type PlaceId } from '../../../city/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import { pointOf } from '../define-places.ts'
import { say } from '../messages.ts'

/** A place on the map in words: the neighborhood it was, or the one that the pin stands in. */
export function placeWords(city: City, language: Language, answer: string): string {
  const point = pointOf(answer)
  const place = city.places.get(point ? (placeAt(city, point) ?? ('' as PlaceId)) : (answer as PlaceId))
  if (!point) return place?.name[language] ?? answer
  return place ? say(language, 'pinIn', { place: place.name[language] }) : say(language, 'pinSet')
}

/** As it stands in a letter: a point keeps its latitude and longitude, for whoever has to find it. */
export function placeInLetter(city: City, language: Language, answer: string): string {
  const point = pointOf(answer)
  const place = point ? city.places.get(placeAt(city, point) ?? ('' as PlaceId)) : undefined
  if (!point) return placeWords(city, language, answer)
  return place ? `${place.name[language]} (${answer})` : answer
}
