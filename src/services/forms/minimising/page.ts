import { dateWords, deskPage, empty } from '../../../city/look/index.ts'
import type { City } from '../../../city/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import type { FormDefinition } from '../define.ts'
import { say } from '../exchange/answers/messages.ts'
import { ways, type FormUse, type QuestionUse } from './uses.ts'

type Viewer = Readonly<{ city: City; staff: Staff; mayExport: boolean }>

/** Which answers of a form were used, and which question nobody needed. */
export function usePage({ city, staff, mayExport }: Viewer, form: FormDefinition, use: FormUse): Html {
  const day = dateWords('en', use.since)
  const file = (name: string) => html`<a href="/forms/${form.id}/${name}">${name}</a>`
  const main = html`<article>
    <a class="back" href="/desk/forms/use">${say('en', 'listTitle')}</a>
    <h1>${say('en', 'useTitle')}: ${form.title.en}</h1>
    <p class="soft">${say('en', 'useLead')}</p>
    <p>${say('en', use.wholeYear ? 'useSince' : 'useSoon', { day })}</p>
    <div class="wide-only" tabindex="0" role="region" aria-label="${say('en', 'useTitle')}">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">${say('en', 'question')}</th>
            <th scope="col">${say('en', 'used')}</th>
          </tr>
        </thead>
        <tbody>
          ${use.questions.map(row)}
        </tbody>
      </table>
    </div>
    ${mayExport && html`<p><a class="button outline" href="/desk/forms/${form.id}/answers">${say('en', 'toAnswers')}</a></p>`}
    <p class="soft">
      ${say('en', 'machine')} ${file('schema.json')}, ${file('dpv.jsonld')}, ${file('fideslang.yaml')}
    </p>
  </article>`
  return deskPage({ city, staff, here: 'inbox', title: say('en', 'useTitle'), main })
}

function row({ field, times, unneeded }: QuestionUse): Html {
  const said = ways.flatMap((way) => {
    const count = times.get(way)
    return count === undefined ? [] : [say('en', `how-${way}`, { times: say('en', 'times', { count }) })]
  })
  return html`<tr>
    <th scope="row">${field.label.en}</th>
    <td>
      ${said.length > 0 ? said.join(', ') : say('en', 'never')}
      ${unneeded && html`<br /><strong>${say('en', 'proposal')}</strong>`}
    </td>
  </tr>`
}

export function formsUsePage({ city, staff, mayExport }: Viewer, forms: readonly FormDefinition[]): Html {
  const main = html`<article>
    <h1>${say('en', 'listTitle')}</h1>
    <p class="soft">${say('en', 'listLead')}</p>
    ${
      forms.length === 0
        ? empty(say('en', 'listEmpty'), html`<p>${say('en', 'listLead')}</p>`)
        : html`<ul>
            ${forms.map(
              ({ id, title }) =>
                html`<li>
                  <strong>${title.en}</strong>:
                  <a href="/desk/forms/${id}/use" aria-label="${title.en}: ${say('en', 'toUse')}">${say('en', 'toUse')}</a>${mayExport && html`, <a href="/desk/forms/${id}/answers" aria-label="${title.en}: ${say('en', 'toAnswers')}">${say('en', 'toAnswers')}</a>`}
                </li>`,
            )}
          </ul>`
    }
  </article>`
  return deskPage({ city, staff, here: 'inbox', title: say('en', 'listTitle'), main })
}
