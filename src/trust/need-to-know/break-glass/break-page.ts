import { deskPage, moment, notice } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../actor.ts'
import type { DeskDoor } from '../desk.ts'
import { fewestSigns, type Emergence, type GlassRefusal } from './break-glass.ts'
import { say } from './messages.ts'
import { emergencies, type OwnGlass } from './read-glass.ts'

export type BreakView = Readonly<{
  staff: Staff
  typed: Emergence
  own: readonly OwnGlass[]
  wrong?: Exclude<GlassRefusal, 'not-there'>
}>

const fields = { number: 'number', because: 'because', 'too-short': 'words', 'too-long': 'words' } as const

/** Before anything opens: what it means, what is at stake, and why, in her own words. Everything typed stays. */
export function breakPage({ city }: DeskDoor, view: BreakView): Html {
  const { staff, typed, wrong, own } = view
  const at = wrong && wrong in fields ? fields[wrong as keyof typeof fields] : undefined
  const says = wrong && say('en', `wrong-${wrong}`, { fewest: fewestSigns })
  const beside = (name: string) => (at === name ? says : undefined)
  const main = html`<article class="emergency">
    <h1>${say('en', 'title')}</h1>
    <p>${say('en', 'lead')}</p>
    <ul class="means">
      <li>${say('en', 'whatOne')}</li>
      <li>${say('en', 'whatTwo')}</li>
      <li>${say('en', 'whatThree')}</li>
    </ul>
    ${says && !at && html`<div role="alert">${notice('wrong', html`<p>${says}</p>`)}</div>`}
    <form method="post" action="/desk/break-glass">
      <input type="hidden" name="glass" value="${typed.id}" />
      ${ask('number', say('en', 'number'), say('en', 'numberHint'), beside('number'), (its) => html`<input ${attributes({ ...its, value: typed.number, inputmode: 'numeric', maxlength: 12, class: 'short' })} />`)}
      ${stakes(typed.because, beside('because'))}
      ${ask(
        'words',
        say('en', 'words'),
        say('en', 'wordsHint', { fewest: fewestSigns }),
        beside('words'),
        (its) => html`<textarea ${attributes({ ...its, rows: 5, maxlength: 4000 })}>
${typed.words}</textarea>`,
      )}
      <button class="button" type="submit">${say('en', 'open')}</button>
    </form>
    <section>
      <h2>${say('en', 'own')}</h2>
      ${own.length === 0 ? html`<p class="soft">${say('en', 'ownNone')}</p>` : ownList(city.timeZone, own)}
    </section>
  </article>`
  return deskPage({ city, staff, here: 'break-glass', title: say('en', 'title'), wrong: wrong !== undefined, main })
}

type Given = Readonly<Record<string, string | undefined>>

function ask(
  name: string,
  label: string,
  hint: string,
  error: string | undefined,
  control: (its: Given) => Html,
): Html {
  const its = {
    id: name,
    name,
    autocomplete: 'off',
    'aria-describedby': `${error ? `${name}-error ` : ''}${name}-hint`,
    'aria-invalid': error && 'true',
  }
  return html`<div class="ask${error && ' wrong'}">
    <label for="${name}">${label}</label>
    <p class="hint" id="${name}-hint">${hint}</p>
    ${error && html`<p class="error" id="${name}-error" role="alert">${error}</p>`}${control(its)}
  </div>`
}

function stakes(chosen: string, error: string | undefined): Html {
  return html`<fieldset class="ask choices${error && ' wrong'}">
    <legend>${say('en', 'because')}</legend>
    ${error && html`<p class="error" role="alert">${error}</p>`}
    ${emergencies.map((value) => {
      const its = attributes({ type: 'radio', name: 'because', value, checked: value === chosen })
      return html`<label><input ${its} /> ${say('en', value)}</label> `
    })}
  </fieldset>`
}

function ownList(timeZone: string, own: readonly OwnGlass[]): Html {
  return html`<ul class="rows">
    ${own.map(({ number, caseId, found, because, at, until, verdict }) => {
      const open = caseId !== null
      const named = say('en', 'numbered', { number })
      return html`<li>
        <strong>${open ? html`<a href="/desk/cases/${caseId}">${named}</a>` : named}</strong>
        <span>${say('en', because)}</span>
        <span class="soft">${open ? say.rich('en', 'stillOpen', { time: moment('en', until, timeZone) }) : moment('en', at, timeZone)}</span>
        <span class="soft">${!found ? `${say('en', 'noSuch')}, ` : ''}${verdictWords(verdict)}</span>
      </li> `
    })}
  </ul>`
}

const verdictWords = (verdict: OwnGlass['verdict']) =>
  say('en', verdict === null ? 'waits' : verdict === 'proper' ? 'proper' : 'notProper')
