import type { Department, Topic } from '../../../city/index.ts'
import { page, phoneLink, waysList } from '../../../city/look/index.ts'
import { html, inLanguage, localeOf, type Html, type Language } from '../../../plumbing/index.ts'
import { formPathFor, formsByUse, pathToForm, type House } from '../house.ts'
import { say } from '../messages.ts'

/** Everything that can be done, everything that can be written about, and what is another government's. */
export function servicesPage(house: House, language: Language): Html {
  const { city } = house
  const online = formsByUse(house).map(({ id, title, intro }) => ({
    href: inLanguage(language, pathToForm(house, id)),
    title: title[language],
    says: intro[language],
  }))
  const body = html`<div class="wrap page">
    <h1>${say(language, 'servicesTitle')}</h1>
    <p class="lead">${say(language, 'servicesLead')}</p>
    <h2>${say(language, 'servicesOnline')}</h2>
    ${waysList(online)}
    <h2 class="later">${say(language, 'servicesTopics')}</h2>
    ${[...city.departments.values()].map((department) => topicsOf(house, language, department))}
    <h2 class="later" id="not-ours">${say(language, 'notOursTitle')}</h2>
    <p>${say(language, 'notOursLead')}</p>
    ${waysList(
      [...city.agencies.values()].map(({ name, responsibleFor, phone, url }) => ({
        href: url,
        title: name[language],
        says: html`${responsibleFor[language]}<br />${phoneLink(phone)}`,
      })),
    )}
  </div>`
  return page({ city, language, path: '/services', title: say(language, 'servicesTitle'), body })
}

function topicsOf(house: House, language: Language, department: Department): Html {
  const topics = topicsAToZ(house, language, department)
  return html`<section class="whose">
    <h3><a href="${inLanguage(language, `/departments/${department.id}`)}">${department.name[language]}</a></h3>
    ${topicList(house, language, topics)}
  </section>`
}

/** The topics of a department in the order of the reader's alphabet, the general one last. */
export function topicsAToZ({ city }: House, language: Language, department: Department): Topic[] {
  const isGeneral = (topic: Topic) => (topic.id === `${department.id}-general` ? 1 : 0)
  return [...city.topics.values()]
    .filter((topic) => topic.department === department.id)
    .sort((a, b) => isGeneral(a) - isGeneral(b) || a.name[language].localeCompare(b.name[language], localeOf(language)))
}

/** Topics with the time in which each is answered, each leading to where one writes about it. */
export function topicList(house: House, language: Language, topics: readonly Topic[]): Html {
  return html`<ul class="topics">
    ${topics.map((topic) => {
      const path = formPathFor(house, topic)
      const name = topic.name[language]
      return html`<li>
        ${path ? html`<a href="${inLanguage(language, path)}">${name}</a>` : name}
        <span class="time">${answerTime(language, topic)}</span>
      </li> `
    })}
  </ul>`
}

export function answerTime(language: Language, { answerWithin: { days, count } }: Topic): string {
  const time = say(language, count === 'working' ? 'workingDays' : 'calendarDays', { count: days })
  return say(language, 'answersWithin', { time })
}
