import type { City } from '../../../city/index.ts'
import { deskPage, errorSummary, factsList, field } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { say } from '../desk-messages.ts'
import type { Questionnaire } from '../load.ts'
import { wayWords } from './desk-list.ts'

type View = Readonly<{
  city: City
  staff: Staff
  questions: Questionnaire
  typed: Readonly<{ name: string; closes: string }>
  wrong?: Readonly<{ name: 'name' | 'closes'; says: string }>
}>

/** A survey is made: what the city’s file says of it, and the two things that a clerk decides. */
export function deskNewPage({ city, staff, questions, typed, wrong }: View): Html {
  const { form, way, results, freeText, smallest } = questions
  const title = say('en', 'newTitle', { title: form.title.en })
  const error = (name: string) => (wrong?.name === name ? { error: wrong.says } : {})
  const main = html`<article class="surveys">
    <p><a class="back" href="/desk/surveys" data-key="u">${say('en', 'back')}</a></p>
    ${errorSummary('en', wrong ? [wrong] : [])}
    <h1>${title}</h1>
    <p class="soft">${say('en', 'newLead')}</p>
    ${factsList([
      [say('en', 'ruleWay'), wayWords(way)],
      [say('en', 'ruleResults'), say('en', `results-${results}`)],
      [say('en', 'ruleWords'), say('en', `words-${freeText}`)],
      [say('en', 'ruleSmallest'), String(smallest)],
      [
        say('en', 'ruleQuestions'),
        html`<ol>
          ${form.fields.map(({ label }) => html`<li>${label.en}</li> `)}
        </ol>`,
      ],
    ])}
    <form class="write" method="post" action="/desk/surveys">
      <input type="hidden" name="questions" value="${form.id}" />
      ${field('en', {
        name: 'name',
        label: say('en', 'name'),
        hint: say('en', 'nameHint'),
        control: { kind: 'text' },
        needed: true,
        value: typed.name,
        autocomplete: 'off',
        ...error('name'),
      })}
      ${field('en', {
        name: 'closes',
        label: say('en', 'closes'),
        control: { kind: 'date', short: true },
        needed: true,
        value: typed.closes,
        ...error('closes'),
      })}
      <p class="row"><button class="button" type="submit">${say('en', 'openIt')}</button></p>
    </form>
  </article>`
  return deskPage({ city, staff, here: 'surveys', title, wrong: wrong !== undefined, main })
}
