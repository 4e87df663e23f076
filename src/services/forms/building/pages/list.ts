import { type City, type Topic } from '../../../../city/index.ts'
import { deskPage, empty } from '../../../../city/look/index.ts'
import { html, type Html } from '../../../../plumbing/index.ts'
import type { Staff } from '../../../../trust/need-to-know/index.ts'
import { say } from '../messages.ts'
import type { VersionOnDesk } from '../on-desk.ts'
import { both, choose, line, type Says } from './inputs.ts'
import { saidAbove } from './said.ts'

export type ListView = Readonly<{
  city: City
  staff: Staff
  versions: readonly VersionOnDesk[]
  letters: ReadonlyMap<string, number>
  /** The topics whose forms she builds. */
  topics: readonly Topic[]
  typed?: Readonly<Record<string, string>>
  wrong?: string
  done?: string
  missing?: boolean
}>

/** Every form: where it stands, its version, and how many letters it brought in a year; and making another. */
export function listPage(view: ListView): Html {
  const { city, staff, versions, letters, topics } = view
  const forms = [...new Set(versions.map(({ form }) => form))]
  const main = html`<article class="builder">
    <h1>${say('en', 'forms')}</h1>
    ${saidAbove(view)}
    <p class="soft">${say('en', 'formsLead')}</p>
    ${
      forms.length === 0
        ? empty(say('en', 'noForms'), html`<p>${say('en', 'noFormsLead')}</p>`)
        : html`<div class="scroll" tabindex="0" role="region" aria-label="${say('en', 'forms')}">
            <table>
              <thead>
                <tr>
                  <th scope="col">${say('en', 'form')}</th>
                  <th scope="col">${say('en', 'state')}</th>
                  <th scope="col">${say('en', 'version')}</th>
                  <th scope="col" class="number">${say('en', 'letters')}</th>
                </tr>
              </thead>
              <tbody>
                ${forms.map((form) =>
                  formRow(
                    form,
                    versions.filter((one) => one.form === form),
                    letters.get(form),
                  ),
                )}
              </tbody>
            </table>
          </div>`
    }
    ${topics.length > 0 && newForm(view, forms)}
  </article>`
  return deskPage({ city, staff, here: 'forms', title: say('en', 'forms'), wrong: view.wrong !== undefined, main })
}

/** The newest ones; the form’s own page has them all. */
const mostVersions = 6

function formRow(form: string, versions: readonly VersionOnDesk[], letters: number | undefined): Html {
  const [newest] = versions
  const published = versions.find(({ state }) => state.is === 'published')
  const title = (published ?? newest)?.draft.title.en || form
  const states = [
    ...(newest && (newest.state.is === 'draft' || newest.state.is === 'in-review') ? [newest.state.is] : []),
    ...(published ? ['published' as const] : newest?.state.is === 'retired' ? ['retired' as const] : []),
  ]
  return html`<tr>
    <th scope="row"><a href="/desk/forms/${form}" data-line>${title}</a><br /><code>${form}</code></th>
    <td>${states.map((state) => html`<span class="mark ${state}">${say('en', `state-${state}`)}</span> `)}</td>
    <td class="versions">${versions.slice(0, mostVersions).map(({ version, state }) => html`<a href="/desk/forms/${form}/versions/${version}" aria-label="${title}: ${say('en', 'versionIs', { version })}, ${say('en', `state-${state.is}`)}">${version}</a> `)}</td>
    <td class="number">${letters ?? (newest?.builds || newest?.approves ? 0 : '–')}</td>
  </tr>`
}

function newForm({ topics, typed = {}, missing, versions, city }: ListView, forms: readonly string[]): Html {
  const says: Says = missing ? [say('en', 'titleMissing')] : []
  const text = { en: typed['title.en'] ?? '', es: typed['title.es'] ?? '' }
  const titleOf = (form: string) => versions.find((one) => one.form === form)?.draft.title.en || form
  return html`<form method="post" action="/desk/forms" class="write">
    <h2>${say('en', 'newForm')}</h2>
    ${both('title', say('en', 'title'), text, { says: (language) => (language === 'en' ? says : []) })}
    <div class="both">
      ${choose(
        { name: 'topic', label: say('en', 'topic'), hint: say('en', 'topicHint'), value: typed['topic'] },
        topics.map(({ id, name, department }) => ({
          value: id,
          label: name.en,
          group: city.departments.get(department)?.name.en ?? department,
        })),
      )}
      ${choose({ name: 'from', label: say('en', 'copyFrom'), hint: say('en', 'copyHint'), value: typed['from'] }, [
        { value: '', label: say('en', 'fromNothing') },
        ...forms.map((value) => ({ value, label: titleOf(value) })),
      ])}
    </div>
    ${line({ name: 'id', label: say('en', 'address'), hint: say('en', 'addressHint'), value: typed['id'], more: { maxlength: 60 } })}
    <button class="button" type="submit">${say('en', 'makeForm')}</button>
  </form>`
}
