import type { City, Topic } from '../../../city/index.ts'
import {
  evidenceList,
  factsList,
  mailLink,
  page,
  phoneLink,
  searchField,
  waysList,
  type Way,
} from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { formPathFor, formsByUse, pathToForm, type House } from '../house.ts'
import { say } from '../messages.ts'
import { hills } from './hills.ts'

/** The front door: search on top, then what people come to do, then who does it. */
export function homePage(house: House, language: Language): Html {
  const { city } = house
  const topics = topicsToShow(city)
  const body = html`<section class="welcome">
      ${hills}
      <div class="wrap">
        <h1>${say(language, 'homeQuestion')}</h1>
        <p class="lead">${say(language, 'homeLead')}</p>
        ${searchField(language)}
        <p class="often">
          <span class="soft">${say(language, 'homeOften')}</span>
          ${topics
            .filter(({ problem }) => problem)
            .slice(0, 4)
            .map((topic) => {
              const path = formPathFor(house, topic)
              return path && html`<a href="${inLanguage(language, path)}">${topic.name[language]}</a> `
            })}
        </p>
      </div>
    </section>
    <div class="wrap">
      <section class="block">
        <h2>${say(language, 'homeStart')}</h2>
        ${waysList(tasks(house, language))}
      </section>
      <section class="block">
        <h2>${say(language, 'homeTopics')}</h2>
        <ul class="topics">
          ${topics.map((topic) => {
            const path = formPathFor(house, topic) ?? `/departments/${topic.department}`
            return html`<li><a href="${inLanguage(language, path)}">${topic.name[language]}</a></li> `
          })}
        </ul>
        <p><a class="onward" href="${inLanguage(language, '/services')}">${say(language, 'homeTopicsAll')}</a></p>
      </section>
      <section class="promise">
        <div>
          <h2>${say(language, 'homePromise')}</h2>
          <p>${say(language, 'homePromiseBody')}</p>
          <p><a class="onward" href="${inLanguage(language, '/privacy')}">${say(language, 'homePromiseLink')}</a></p>
        </div>
        ${example(city, language)}
      </section>
      <section class="block">
        <h2>${say(language, 'homeDepartments')}</h2>
        <ul class="topics">
          ${[...city.departments.values()].map(
            ({ id, name }) =>
              html`<li><a href="${inLanguage(language, `/departments/${id}`)}">${name[language]}</a></li> `,
          )}
        </ul>
      </section>
      <section class="block">
        <h2>${say(language, 'homeVisit')}</h2>
        <p class="soft">${say(language, 'homeVisitSame')}</p>
        ${factsList([
          [say(language, 'address'), city.contact.address],
          [say(language, 'hours'), city.contact.hours[language]],
          [say(language, 'phone'), phoneLink(city.contact.phone)],
          [say(language, 'email'), mailLink(city.contact.email)],
        ])}
      </section>
    </div>`
  return page({
    city,
    language,
    path: '/',
    title: say(language, 'homeTitle', { city: city.name[language] }),
    description: city.tagline[language],
    body,
  })
}

/** The first two topics of each department that stand for something of their own and tell nothing about who writes. */
function topicsToShow(city: City): Topic[] {
  const own = [...city.topics.values()].filter(
    ({ id, department, sensitive }) => id !== `${department}-general` && !sensitive,
  )
  return own.filter(
    ({ department }, at) => own.slice(0, at).filter((other) => other.department === department).length < 2,
  )
}

/** What the list of those who looked is like, with the city's own words, and named as an example. */
function example(city: City, language: Language): Html {
  const duties = [...city.duties.values()].slice(0, 2)
  const rows = duties.map(({ title, department, reasons: [reason] }) => ({
    did: say(language, 'homeExampleDid'),
    because: [title[language], city.departments.get(department)?.name[language], reason.text[language]],
  }))
  return html`<figure>
    <figcaption class="small soft">${say(language, 'homeExample')}</figcaption>
    ${evidenceList(language, city.timeZone, rows)}
  </figure>`
}

function tasks(house: House, language: Language): Way[] {
  const forms = formsByUse(house).map(({ id, title, intro }) => ({
    href: inLanguage(language, pathToForm(house, id)),
    title: title[language],
    says: intro[language],
  }))
  return [
    ...forms,
    { href: inLanguage(language, '/receipt'), title: say(language, 'followTitle'), says: say(language, 'followSays') },
  ]
}
