import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../../city/index.ts'
import { dateWords, errorSummary, field, notice, page, stepsList, type Step } from '../../../../city/look/index.ts'
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
type Standing = Pick<GoingOn, 'until' | 'number' | 'ended' | 'thing' | 'notice' | 'passedUntil'>

/** How a question to a parent stands, where the form cannot be filled in now: what was done, what comes next, and who does it. */
export function standingPage(place: Place, stands: Stands, going: Standing): Html {
  const { city, language } = place
  const how = stands === 'over' ? (going.ended ?? 'ended') : stands
  const title = say(language, `goingTitle-${how}`)
  const values = { until: dateWords(language, going.until), number: String(going.number), phone: city.contact.phone }
  const again = inLanguage(language, `/forms/${going.thing.replace(/^form:/, '')}`)
  const inside = html`<p class="progress"><span class="of">${going.notice.title[language]}</span></p>
    <h1>${title}</h1>
    ${going.passedUntil && ofAgeNotice(place, going.passedUntil)}
    <p class="lead">${say(language, `going-${how}`, values)}</p>
    ${isOnItsWay(how) ? stepsList(language, stepsOf(language, how)) : html`<p><a class="usa-button" href="${again}">${say(language, 'goingAgain')}</a></p>`}
    <p class="soft">${say(language, isOnItsWay(how) ? 'goingKeep' : 'goingKept', values)}</p>`
  return inFrame(place, title, inside, false)
}

/** To somebody who came of age since she asked: the code is the one way by which the city reaches her and nobody else. */
export function ofAgeNotice({ city, language }: Place, until: Temporal.PlainDate): Html {
  const me = (text: Html) => html`<a href="${inLanguage(language, '/me')}">${text}</a>`
  const values = { until: dateWords(language, until), address: city.contact.address, a: me }
  return notice(
    'note',
    html`<h2>${say(language, 'ofAgeTitle')}</h2>
      <p>${say.rich(language, 'ofAge', values)}</p>`,
  )
}

const onTheWay = ['asked', 'answered', 'done'] as const
type OnItsWay = (typeof onTheWay)[number]
const isOnItsWay = (how: string): how is OnItsWay => onTheWay.some((one) => one === how)

/** She asked, a parent answers, the parent shows who she is, the form is filled in. */
function stepsOf(language: Language, how: OnItsWay): Step[] {
  const at = how === 'asked' ? 1 : how === 'answered' ? 2 : 4
  return (['step-ask', 'step-answer', 'step-show', 'step-fill'] as const).map((step, index) => ({
    state: index < at ? 'done' : index === at ? 'now' : 'later',
    title: say(language, step),
  }))
}

function inFrame({ city, language }: Place, title: string, inside: Html, wrong: boolean): Html {
  return page({ city, language, path: goOnPath, title, wrong, body: html`<div class="wrap page">${inside}</div>` })
}
