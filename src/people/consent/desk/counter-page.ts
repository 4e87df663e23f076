import type { City } from '../../../city/index.ts'
import { deskPage, factsList, notice } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { guardianKinds } from '../../residents/index.ts'
import type { Purpose } from '../notice.ts'
import type { AtCounter } from './answer-at-counter.ts'
import { say } from './post-messages.ts'

type View = Readonly<{ city: City; staff: Staff }>
export type WrongAtCounter =
  'choose' | 'guardian' | 'address' | 'firstName' | 'born' | 'of-age' | 'not-born' | 'sure' | 'changed' | 'over'

/** Where the clerk types the code of the letter that a guardian has brought. */
export function counterCodePage({ city, staff, typed }: View & Readonly<{ typed?: string }>): Html {
  const title = say('en', 'counterTitle')
  const main = html`<article class="consents">
    <p><a class="back" href="/desk/consents" data-key="u">${say('en', 'back')}</a></p>
    ${typed !== undefined && html`<div role="alert">${notice('wrong', html`<p>${say('en', 'codeWrong')}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="soft">${say('en', 'counterLead')}</p>
    <form class="write" method="post" action="/desk/consents/counter">
      <label for="code">${say('en', 'code')}</label>
      <input id="code" name="code" inputmode="numeric" autocomplete="off" value="${typed ?? ''}" />
      <p class="row"><button class="button" type="submit">${say('en', 'codeGo')}</button></p>
    </form>
  </article>`
  return deskPage({ city, staff, here: 'consents', title, main, wrong: typed !== undefined })
}

export type CounterView = View &
  Readonly<{
    question: AtCounter
    code: string
    typed: Readonly<Record<string, string>>
    wrong?: WrongAtCounter
  }>

/** The question, to be read to the guardian; and what she says, written down by the clerk. */
export function counterPage(view: CounterView): Html {
  const { city, staff, question, code, typed, wrong } = view
  const title = say('en', 'counterTitle')
  const { notice: asked } = question.kept
  const main = html`<article class="consents">
    <p><a class="back" href="/desk/consents/counter" data-key="u">${title}</a></p>
    ${wrong && html`<div role="alert">${notice('wrong', html`<p>${say('en', `wrong-${wrong}`)}</p>`)}</div>`}
    <h1>${asked.title.en}</h1>
    <p class="soft">${say('en', 'answerLead')}</p>
    <form class="write" method="post" action="/desk/consents/counter/answers">
      <input type="hidden" name="code" value="${code}" />
      <input type="hidden" name="notice" value="${question.kept.hash}" />
      ${asked.purposes.map((purpose) => purposePart(purpose, typed))}
      ${line('guardian', say('en', 'guardian'), typed)}
      <div class="ask">
        <label for="address">${say('en', 'parentAddress')}</label>
        <textarea id="address" name="address" rows="3">${typed['address'] ?? ''}</textarea>
      </div>
      ${line('firstName', say('en', 'firstName'), typed)} ${line('born', say('en', 'born'), typed, say('en', 'bornHint'))}
      <div class="ask">
        <label for="as">${say('en', 'as')}</label>
        <select id="as" name="as">
          ${guardianKinds.map(
            (value) =>
              html`<option ${attributes({ value, selected: value === typed['as'] })}>${say('en', `as-${value}`)}</option>`,
          )}
        </select>
      </div>
      <p>
        <label><input type="checkbox" name="sure" value="yes" /> ${say('en', 'sure')}</label>
      </p>
      <p class="row"><button class="button" type="submit">${say('en', 'answerGo')}</button></p>
    </form>
  </article>`
  return deskPage({ city, staff, here: 'consents', title, main, wrong: wrong !== undefined })
}

function purposePart({ id, title, why, asks, sees, kept, needed }: Purpose, typed: CounterView['typed']): Html {
  const name = `purpose-${id}`
  return html`<fieldset>
    <legend><strong>${title.en}</strong> <span class="soft">(${say('en', needed ? 'needed' : 'optional')})</span></legend>
    ${factsList([
      [say('en', 'why'), why.en],
      [say('en', 'asks'), asks.length === 0 ? say('en', 'asksNothing') : asks.map(({ label }) => label.en).join('; ')],
      [say('en', 'sees'), sees.en],
      [say('en', 'kept'), kept.en],
    ])}
    <p class="soft">${say('en', 'says', { title: title.en })}</p>
    <p class="row">
      ${(['yes', 'no'] as const).map(
        (value) =>
          html`<label
            ><input ${attributes({ type: 'radio', name, value, checked: typed[name] === value })} /> ${say('en', value)}</label
          > `,
      )}
    </p>
  </fieldset>`
}

function line(name: string, label: string, typed: Readonly<Record<string, string>>, hint?: string): Html {
  return html`<div class="ask">
    <label for="${name}">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    <input
      ${attributes({ id: name, name, value: typed[name] ?? '', autocomplete: 'off', 'aria-describedby': hint === undefined ? undefined : `${name}-hint` })}
    />
  </div>`
}
