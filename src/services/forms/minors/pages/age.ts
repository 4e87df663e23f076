import type { City } from '../../../../city/index.ts'
import { errorSummary, field, notice, page } from '../../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../../plumbing/index.ts'
import type { FormDefinition } from '../../define.ts'
import { say } from '../messages.ts'

/** What stands on a page before a minor's form besides the form itself. */
export type Before = Readonly<{ city: City; language: Language; form: FormDefinition }>

export type AgeState = Readonly<{ typed?: string; error?: 'missing' | 'wrong' | 'future'; refused?: boolean }>

/** The name under which a date of birth is posted; no question of a form can have it. */
export const bornName = '_born'
export const addressOf = ({ language, form }: Before): string => inLanguage(language, `/forms/${form.id}`)

/**
 * Age, asked first and alone, as a date typed freely: nothing on the page tells which answer leads where, nor whom the form is
 * for. So not even the form's own name and introduction stand on it, in the title, for a search engine or in a heading.
 */
export function agePage(before: Before, state: AgeState = {}): Html {
  const { language } = before
  const error = state.error && say(language, `ageError-${state.error}`)
  const body = html`${
    state.refused &&
    notice(
      'wrong',
      html`<h2>${say(language, 'refusedTitle')}</h2>
        <p>${say(language, 'refused')}</p>`,
    )
  }
    <h1>${say(language, 'ageTitle')}</h1>
    <form class="form" id="letter" method="post" action="${addressOf(before)}" novalidate>
      ${field(language, {
        name: bornName,
        label: say(language, 'ageLabel'),
        hint: `${say(language, 'ageHint')} ${say(language, 'ageLead')}`,
        control: { kind: 'text', short: true },
        needed: true,
        value: state.typed ?? '',
        autocomplete: 'bday',
        ...(error !== undefined && { error }),
      })}
      <div class="actions">
        <button class="usa-button" type="submit" name="_go" value="age">${say(language, 'ageNext')}</button>
      </div>
    </form>`
  return minorsPage(before, say(language, 'ageTitle'), body, {
    ...(error !== undefined && { wrong: [{ name: bornName, says: error }] }),
  })
}

type Wrong = readonly Readonly<{ name: string; says: string }>[]

export function minorsPage(before: Before, title: string, inside: Html, { wrong = [] }: { wrong?: Wrong } = {}): Html {
  const { city, language, form } = before
  const body = html`<div class="wrap page">${errorSummary(language, wrong)}${inside}</div>`
  const path = `/forms/${form.id}`
  return page({ city, language, path, title, wrong: wrong.length > 0, body })
}
