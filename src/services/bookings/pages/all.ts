import type { City, Facility } from '../../../city/index.ts'
import { empty, page, phoneLink, waysList } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import { moneyWords } from '../when.ts'
import { lengthWords } from './words.ts'

/** `/bookings`: everything that can be booked. */
export function allPage(city: City, language: Language): Html {
  const facilities = [...city.bookings.values()]
  const kinds = [
    { kind: 'facility', title: say(language, 'facilities') },
    { kind: 'appointment', title: say(language, 'appointments') },
  ] as const
  const body = html`<div class="wrap page">
    <h1>${say(language, 'title')}</h1>
    ${
      facilities.length === 0
        ? empty(
            say(language, 'nothingTitle'),
            html`<p>${say.rich(language, 'nothing', { phone: phoneLink(city.contact.phone) })}</p>`,
          )
        : html`<p class="lead">${say(language, 'lead')}</p>
            ${kinds.map(({ kind, title }) =>
              listOf(
                language,
                title,
                facilities.filter((one) => one.kind === kind),
              ),
            )}`
    }
  </div>`
  return page({
    city,
    language,
    path: '/bookings',
    title: say(language, 'title'),
    description: say(language, 'lead'),
    body,
  })
}

function listOf(language: Language, title: string, facilities: readonly Facility[]): Html | false {
  return (
    facilities.length > 0 &&
    html`<h2>${title}</h2>
      ${waysList(
        facilities.map((one) => ({
          href: inLanguage(language, `/bookings/${one.id}`),
          title: one.name[language],
          says: html`${one.about[language]}<br /><span class="soft">${priceLine(language, one)}</span>`,
        })),
      )}`
  )
}

/** $90.00 for 2 hours. */
export function priceLine(language: Language, { price, slot }: Facility): string {
  if (!price || price.slot === 0) return say(language, 'free')
  return say(language, 'priceEach', { price: moneyWords(language, price.slot), time: lengthWords(language, slot) })
}
