import type { City } from '../../../city/index.ts'
import { dateWords, deskPage } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { say } from '../desk-messages.ts'
import { inFours } from '../slip-code.ts'
import type { Survey } from '../survey.ts'

type View = Readonly<{ city: City; staff: Staff; survey: Survey; codes: readonly string[]; publicUrl: string }>

/** The only page on which these codes ever stand: to be printed, cut, folded and shuffled. */
export function deskSlipsPage({ city, staff, survey, codes, publicUrl }: View): Html {
  const { form } = survey.questions
  const title = say('en', 'slipsPage', { count: codes.length, title: form.title.en })
  const address = `${new URL(publicUrl).host}/surveys/${survey.id}`
  const main = html`<article class="surveys">
    <div class="unprinted">
      <p><a class="back" href="/desk/surveys/${survey.id}" data-key="u">${form.title.en}</a></p>
      <h1>${title}</h1>
      <p role="status">${say('en', 'slipsOnce')}</p>
      <p><a class="onward" href="/desk/surveys/${survey.id}">${say('en', 'slipsBack')}</a></p>
    </div>
    <ul class="cut-out">
      ${codes.map(
        (code) =>
          html`<li>
            <strong>${form.title.en}<br /><span lang="es">${form.title.es}</span></strong>
            <span class="digits">${inFours(code)}</span>
            <span>${say.rich('en', 'slipHow', { address: breakable(address) })}</span>
            <span>${say('en', 'slipUntil', { date: dateWords('en', survey.closesOn) })}</span>
          </li> `,
      )}
    </ul>
  </article>`
  return deskPage({ city, staff, here: 'surveys', title, main })
}

/** A narrow page breaks an address after its slashes and hyphens. */
const breakable = (address: string): Html => html`${address.split(/(?<=[/:-])/).map((part) => html`${part}<wbr />`)}`
