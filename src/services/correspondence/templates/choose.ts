import type { City } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { CaseLine } from '../tables.ts'
import { signatureOnly } from './insert-template.ts'
import { say } from './messages.ts'
import type { OfferedTemplate } from './offered.ts'

/** Choosing a template above the answer. The page comes back with its words in the box, after what was typed. */
export function templateChoice(city: City, line: CaseLine, templates: readonly OfferedTemplate[], query: string): Html {
  const department = city.topics.get(line.topic)?.department
  const own = templates.filter((one) => one.department !== 'all')
  const all = templates.filter((one) => one.department === 'all')
  const group = (label: string, some: readonly OfferedTemplate[]) =>
    some.length > 0 &&
    html`<optgroup label="${label}">
      ${some.map((one) => html`<option value="${one.id}">${titleFor(one, line)}</option>`)}
    </optgroup>`
  const given = attributes({
    class: 'button outline',
    type: 'submit',
    formaction: `/desk/cases/${line.id}/insertions${query}`,
    formenctype: 'application/x-www-form-urlencoded',
    'data-insert': `/desk/cases/${line.id}/insertions`,
  })
  return html`<div class="row insert">
    <label for="template">${say('en', 'choose')}</label>
    <select id="template" name="template" data-key="t">
      <option value="">${say('en', 'chooseOne')}</option>
      ${group((department && city.departments.get(department)?.name.en) ?? '', own)} ${group(say('en', 'groupAll'), all)}
      <option value="${signatureOnly}">${say('en', 'signature')}</option>
    </select>
    <button ${given}>${say('en', 'insert')}</button>
    <span class="soft small" role="status" data-inserted></span>
  </div>`
}

function titleFor({ title, words }: OfferedTemplate, line: CaseLine): string {
  return line.language === 'es' && words.es === undefined ? say('en', 'englishOnly', { title }) : title
}
