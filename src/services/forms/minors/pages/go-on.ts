import type { City } from '../../../../city/index.ts'
import { dateWords, errorSummary, field, page } from '../../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../../plumbing/index.ts'
import type { GoingOn } from '../../../../people/consent/index.ts'
import { say } from '../messages.ts'

type Place = Readonly<{ city: City; language: Language }>

export const codeName = 'code'
export const goOnPath = '/forms/go-on'

/** Where the code is typed. It is posted, so that it stands in no address and no history. */
export function goOnPage(place: Place, state: Readonly<{ typed?: string; unknown?: boolean }> = {}): Html {
  const { language } = place
  const error = state.unknown ? say(language, 'goError-unknown') : undefined
  const inside = html`${errorSummary(language, error === undefined ? [] : [{ name: codeName, says: error }])}
    <h1>${say(language, 'goTitle')}</h1>
    <p class="lead">${say(language, 'goLead')}</p>
    <form class="form" id="letter" method="post" action="${inLanguage(language, goOnPath)}" novalidate>
      ${field(language, {
        name: codeName,
        label: say(language, 'goLabel'),
        hint: say(language, 'goHint'),
        control: { kind: 'digits' },
        needed: true,
        value: state.typed ?? '',
        autocomplete: 'off',
        ...(error !== undefined && { error }),
      })}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'goNext')}</button></div>
    </form>`
  return inFrame(place, say(language, 'goTitle'), inside, error !== undefined)
}

export type Stands = 'asked' | 'answered' | 'over' | 'changed' | 'done'

/** How a question to a parent stands, where the form cannot be filled in now. */
export function standingPage(place: Place, stands: Stands, { until, number }: Pick<GoingOn, 'until' | 'number'>): Html {
  const { language } = place
  const words = say(language, `going-${stands}`, { until: dateWords(language, until), number: String(number) })
  const inside = html`<h1>${say(language, 'goingTitle')}</h1>
    <p class="lead">${words}</p>`
  return inFrame(place, say(language, 'goingTitle'), inside, false)
}

function inFrame({ city, language }: Place, title: string, inside: Html, wrong: boolean): Html {
  return page({ city, language, path: goOnPath, title, wrong, body: html`<div class="wrap page">${inside}</div>` })
}
