import type { City } from '../../../city/index.ts'
import { notice } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import type { Near } from '../near-before.ts'

/** What was reported already, by kind, neighborhood and age alone; the choice is between leaving and sending. */
export function nearNotice(city: City, language: Language, { topic, place, reports }: Near, form: string): Html {
  const names = {
    topic: city.topics.get(topic)?.name[language] ?? topic,
    place: city.places.get(place)?.name[language] ?? place,
  }
  const leave = (text: Html) => html`<a href="${inLanguage(language, '/')}">${text}</a>`
  return notice(
    'note',
    html`<h2>${say(language, 'nearTitle')}</h2>
      <p>${say(language, 'nearLead')}</p>
      <ul>
        ${reports.map(({ days, inWork }) => {
          const state = say(language, inWork ? 'nearInWork' : 'nearWaiting')
          return html`<li>${say(language, 'nearLine', { ...names, days, state })}</li> `
        })}
      </ul>
      <p>${say.rich(language, 'nearSame', { a: leave })}</p>
      <p>${say(language, 'nearOther')}</p>
      <button class="usa-button" type="submit" form="${form}">${say(language, 'nearSend')}</button>`,
  )
}
