import type { City } from '../../../city/index.ts'
import { attributes, html, type Html, type Language } from '../../../plumbing/index.ts'
import { numberInWords } from '../answer-in-words.ts'
import type { Answers } from '../answering/answer.ts'
import type { FormDefinition } from '../define.ts'
import { say } from '../messages.ts'
import { sessionIn } from '../signing-up.ts'
import { costOf, slotOf } from '../what-it-costs.ts'

/**
 * What it costs, given the answers so far: each line, what is waived, and what is left to pay. The browser keeps the lines up
 * to date, except where a price of something that is booked is among them: that is not the form's own.
 */
export function feesPart(city: City, language: Language, form: FormDefinition, answers: Answers): Html | undefined {
  const fees = costOf(city, form, answers)
  if (!fees || (form.fees.length === 0 && fees.lines.length === 0)) return undefined
  const lines = [
    ...fees.lines.map(({ label, cents }) => ({ label: label[language], cents })),
    ...fees.waived.map(({ label, cents }) => ({ label: label[language], cents: -cents })),
    { label: say(language, 'feesTotal'), cents: fees.total },
  ]
  return html`<section class="fees" aria-labelledby="fees">
    <h2 id="fees">${say(language, 'feesTitle')}</h2>
    <dl ${attributes({ 'data-fees': slotOf(form) === undefined && sessionIn(form) === undefined })}>
      ${lines.map(
        ({ label, cents }) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${numberInWords(cents, true, language)}</dd>
          </div>`,
      )}
    </dl>
    <p class="soft small">${say(language, 'feesLater')}</p>
  </section>`
}
