import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Field } from '../define-field.ts'
import { mapPicture, mapWidths, type MapSize } from '../map/draw-map.ts'
import { pinOver } from '../map/map-shown.ts'
import { placeWords } from '../map/place-words.ts'
import { mapHeight } from '../answering/map-frame.ts'
import { say } from '../messages.ts'
import type { Drawing } from './question.ts'

/**
 * The inside of the question for a place: the city's own map to point at, and its neighborhoods by name. The picture is a
 * button that says where it was pressed, so it works without a script; its width is in its name, for a page that is
 * narrow shows another one. With a keyboard alone the neighborhood is chosen, or with a script the arrows move the pin.
 */
export function mapPlace({ city, language, state }: Drawing, { name, map, choices = [] }: Field): (Html | false)[] {
  const picture = mapPicture(city, language)
  if (!picture || !map) return []
  const typed = state.values?.[name]
  const near = state.values?.[`${name}-near`]
  const chosen = typeof near === 'string' && near !== '' ? near : typeof typed === 'string' ? typed : ''
  const isNear = choices.some(({ value }) => value === chosen)
  const point = isNear ? '' : chosen
  const button = (size: MapSize) => {
    const width = mapWidths[size]
    const given = { type: 'image', name: `${name}-at-${String(width)}`, class: size, src: mapPicture(city, language, size)?.href, width, height: mapHeight(map, width), alt: say(language, 'mapAlt'), tabindex: -1, formnovalidate: true } // prettier-ignore
    return html`<input ${attributes(given)} />`
  }
  const says = point === '' ? say(language, 'pinNone') : placeWords(city, language, point)
  return [
    html`<div class="city-map" data-map="${name}">
      ${button('small')}${button('large')}${pinOver(city, language, point)}
    </div>`,
    html`<p class="pin-says"><span id="${name}-pin">${says}</span> ${
      point !== '' &&
      html`<button class="quiet" type="submit" name="unpin" value="${name}" formnovalidate>${say(language, 'pinAway')}</button>`
    }</p>`,
    html`<input type="hidden" name="${name}" value="${point}" />`,
    html`<label for="${name}-near">${say(language, 'mapNear')}</label>
      <select class="usa-select" id="${name}-near" name="${name}-near">
        <option value="">${say(language, 'mapNearNone')}</option>
        ${choices.map(({ value, label }) => html`<option ${attributes({ value, selected: isNear && value === chosen })}>${label[language]}</option>`)}
      </select>`,
  ]
}
