import type { City } from '../../../city/index.ts'
import { page, phoneLink } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { FormDefinition } from '../define.ts'
import { say } from '../messages.ts'

/** Where a form was that the city no longer asks: what that means, and what to do instead. */
export function closedPage(
  city: City,
  language: Language,
  form: FormDefinition,
  instead: FormDefinition | undefined,
): Html {
  const topic = city.topics.get(form.topic)
  const department = topic && city.departments.get(topic.department)
  const link = (href: string) => (text: Html) => html`<a href="${inLanguage(language, href)}">${text}</a>`
  const body = html`<div class="wrap page">
    <h1>${say(language, 'closedTitle')}</h1>
    <p class="lead">${say(language, 'closed', { title: form.title[language] })}</p>
    <ul>
      <li>${say.rich(language, 'closedServices', { a: link('/services') })}</li>
      ${instead && html`<li>${say.rich(language, 'closedWrite', { a: link(`/forms/${instead.id}`) })}</li>`}
      ${
        department &&
        html`<li>
          ${say.rich(language, 'closedCall', { department: department.name[language], phone: phoneLink(department.phone) })}
        </li>`
      }
      <li>${say.rich(language, 'closedReceipt', { a: link('/receipt') })}</li>
    </ul>
  </div>`
  return page({ city, language, path: `/forms/${form.id}`, title: say(language, 'closedTitle'), body, personal: true })
}
