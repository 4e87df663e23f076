import type { Department } from '../../../city/index.ts'
import { factsList, mailLink, page, phoneLink, waysList } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { House } from '../house.ts'
import { say } from '../messages.ts'
import { topicList, topicsAToZ } from './services.ts'

export function departmentsPage({ city }: House, language: Language): Html {
  const ways = [...city.departments.values()].map(({ id, name, does }) => ({
    href: inLanguage(language, `/departments/${id}`),
    title: name[language],
    says: does[language],
  }))
  const body = html`<div class="wrap page">
    <h1>${say(language, 'departmentsTitle')}</h1>
    <p class="lead">${say(language, 'departmentsLead')}</p>
    ${waysList(ways, 2)}
  </div>`
  return page({ city, language, path: '/departments', title: say(language, 'departmentsTitle'), body })
}

/** One department: what it does, how to reach it, what to write to it about, and which duties may open letters here. */
export function departmentPage(house: House, language: Language, department: Department): Html {
  const { city } = house
  const { id, name, does, address, phone, email } = department
  const duties = [...city.duties.values()].filter((duty) => duty.department === id)
  const body = html`<div class="wrap page">
    <p class="trail"><a href="${inLanguage(language, '/departments')}">${say(language, 'trailDepartments')}</a></p>
    <h1>${name[language]}</h1>
    <p class="lead">${does[language]}</p>
    ${factsList([
      [say(language, 'phone'), phoneLink(phone)],
      [say(language, 'email'), mailLink(email)],
      [say(language, 'address'), address],
      [say(language, 'hours'), city.contact.hours[language]],
    ])}
    <h2>${say(language, 'topicsOf')}</h2>
    ${topicList(house, language, topicsAToZ(house, language, department))}
    ${
      duties.length > 0 &&
      html`<h2 class="later">${say(language, 'readersOf')}</h2>
        <p>${say(language, 'readersLead')}</p>
        ${factsList(
          duties.map(({ title, topics }) => [
            title[language],
            topics.map((topic) => city.topics.get(topic)?.name[language]).join(' · '),
          ]),
        )}`
    }
  </div>`
  return page({
    city,
    language,
    path: `/departments/${id}`,
    title: name[language],
    description: does[language],
    body,
  })
}
