import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { dateWords, errorSummary, field, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { inGroups, type ReceiptCode } from '../../correspondence/index.ts'
import type { FormDefinition } from '../define.ts'
import { checkPage } from '../filling/walk.ts'
import { say } from '../filling/messages.ts'
import { carried, ownFields } from './carried.ts'
import { formFrame, formTag, type FormState, type Sheet } from './form.ts'

export type Saved = Readonly<{ code: ReceiptCode; again: boolean; until: Temporal.PlainDate; from: string }>

/** What was kept for later, with its code: shown once, to be written down. From here she goes on, or has it deleted. */
export function savedPage(
  house: { city: City },
  language: Language,
  form: FormDefinition,
  state: FormState,
  saved: Saved,
): Html {
  const sheet: Sheet = { city: house.city, language, form, state, read: form.look(state.values ?? {}) }
  const until = dateWords(language, saved.until)
  const here = (text: Html) => html`<a href="${inLanguage(language, '/forms/resume')}">${text}</a>`
  const inside = html`<h1>${say(language, 'savedTitle')}</h1>
    <p class="lead">${say(language, 'savedLead', { until })}</p>
    ${
      saved.again
        ? html`<p>${say(language, 'savedAgain')}</p>`
        : html`<section class="code">
            <h2>${say(language, 'savedCode')}</h2>
            <p class="digits">
              ${inGroups(saved.code)
                .split(' ')
                .map((group) => html`<span>${group}</span> `)}
            </p>
            <p>${say(language, 'savedOnce')}</p>
          </section>`
    }
    <p>${say.rich(language, 'savedHow', { a: here })}</p>
    <p class="soft">${say(language, 'savedSealed')}</p>
    ${formTag(
      sheet,
      false,
      html`${ownFields(sheet, form.pages.find(({ id }) => id === saved.from) ?? checkPage)}${carried(sheet, checkPage)}
        <div class="actions">
          <button class="usa-button" type="submit" name="_go" value="at:${saved.from}">${say(language, 'savedOn')}</button>
          <button class="usa-button usa-button--outline" type="submit" name="_go" value="drop">
            ${say(language, 'savedDrop')}
          </button>
        </div>`,
    )}`
  return formFrame(sheet, [], say(language, 'savedTitle'), inside)
}

export type ResumeState = Readonly<{ typed?: string; error?: 'not-a-code' | 'slip' | 'unknown' }>

/** Where a resume code is typed. It is posted, so that it stands in no address and no history. */
export function resumePage({ city }: { city: City }, language: Language, state: ResumeState = {}): Html {
  const error = state.error && say(language, `resumeError-${state.error}`)
  const title = say(language, 'resumeTitle')
  const body = html`<div class="wrap page">
    ${errorSummary(language, error ? [{ name: 'code', says: error }] : [], 'asked')}
    <h1>${title}</h1>
    <p class="lead">${say(language, 'resumeLead', { days: city.draftDays })}</p>
    <form class="form" method="post" action="${inLanguage(language, '/forms/resume')}" novalidate>
      ${field(language, {
        name: 'code',
        label: say(language, 'resumeLabel'),
        hint: say(language, 'resumeHint'),
        control: { kind: 'digits' },
        needed: true,
        value: state.typed ?? '',
        autocomplete: 'off',
        ...(error !== undefined && { error }),
      })}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'resumeGo')}</button></div>
    </form>
    <p class="soft">${say(language, 'resumeLost')}</p>
  </div>`
  return page({ city, language, path: '/forms/resume', title, body, wrong: error !== undefined })
}
