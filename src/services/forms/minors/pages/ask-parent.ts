import type { Temporal } from 'temporal-polyfill'
import { dateWords, field } from '../../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../../plumbing/index.ts'
import { codeInGroups, type AskRefusal, type ChildCode } from '../../../../people/consent/index.ts'
import { passName } from '../../filling/posted-walk.ts'
import { say } from '../messages.ts'
import { addressOf, minorsPage, type Before } from './age.ts'

export const askNames = {
  way: '_way',
  email: '_parent',
  address: '_parent-address',
  firstName: '_first-name',
} as const

/** How a parent is reached: whoever asks chooses one. */
export type Way = 'email' | 'post'
/** `token`: drawn for this page, so that pressing twice asks once. */
export type AskState = Readonly<{
  pass: string
  token: string
  way?: Way
  /** What was typed as the way chosen. */
  reach?: string
  firstName?: string
  error?: AskRefusal
}>

/** A minor's only way on: one way to reach a parent and a first name, and no other field. */
export function askPage(before: Before, state: AskState): Html {
  const { city, language, form } = before
  const { way = 'email' } = state
  const says = state.error && say(language, `askError-${state.error}`)
  const at = state.error === 'no-name' ? askNames.firstName : way === 'post' ? askNames.address : askNames.email
  const error = (name: string) => (says !== undefined && name === at ? { error: says } : {})
  const days = city.consent?.answerDays ?? 0
  const phone = html`<span class="nowrap">${city.contact.phone}</span>`
  const inside = html`<p class="progress"><span class="of">${form.title[language]}</span></p>
    <h1>${say(language, 'askHead')}</h1>
    <p class="lead">${say(language, 'askLead')}</p>
    <p>${say(language, 'askNames')}</p>
    <form class="form" id="letter" method="post" action="${addressOf(before)}" novalidate>
      <input type="hidden" name="${passName}" value="${state.pass}" />
      <input type="hidden" name="token" value="${state.token}" />
      ${reachFields(language, way, state.reach ?? '', error)}
      ${field(language, {
        name: askNames.firstName,
        label: say(language, 'nameLabel'),
        hint: say(language, 'nameHint'),
        control: { kind: 'text' },
        needed: true,
        value: state.firstName ?? '',
        autocomplete: 'given-name',
        ...error(askNames.firstName),
      })}
      <p class="soft">${say(language, 'askKept', { days })}</p>
      <p class="soft">${say.rich(language, 'askElse', { phone: () => phone })}</p>
      <p class="soft">${say(language, 'askOwn')}</p>
      <div class="actions">
        <button class="usa-button" type="submit" name="_go" value="ask">${say(language, 'askSend')}</button>
      </div>
    </form>`
  const wrong = says === undefined ? [] : [{ name: at, says }]
  return minorsPage(before, say(language, 'askTitle', { form: form.title[language] }), inside, { wrong })
}

/** By e-mail or by letter; of the two fields a browser shows the one that was chosen, and only that one is read. */
function reachFields(language: Language, way: Way, reach: string, error: (name: string) => { error?: string }): Html {
  return html`${field(language, {
    name: askNames.way,
    label: say(language, 'wayLabel'),
    control: {
      kind: 'radios',
      choices: [
        { value: 'email', label: say(language, 'wayEmail') },
        { value: 'post', label: say(language, 'wayPost') },
      ],
    },
    needed: true,
    value: way,
  })}
    <div class="by-email">
      ${field(language, {
        name: askNames.email,
        label: say(language, 'parentLabel'),
        hint: say(language, 'parentHint'),
        control: { kind: 'email' },
        needed: true,
        value: way === 'email' ? reach : '',
        autocomplete: 'off',
        ...error(askNames.email),
      })}
    </div>
    <div class="by-post">
      ${field(language, {
        name: askNames.address,
        label: say(language, 'addressLabel'),
        hint: say(language, 'addressHint'),
        control: { kind: 'lines', rows: 4 },
        needed: true,
        value: way === 'post' ? reach : '',
        autocomplete: 'off',
        ...error(askNames.address),
      })}
    </div>`
}

/** The code with which she goes on: shown once, to be written down. */
export function askedPage(before: Before, code: ChildCode, until: Temporal.PlainDate, way: Way): Html {
  const { language } = before
  const title = say(language, way === 'post' ? 'askedTitle-post' : 'askedTitle')
  const here = (text: Html) => html`<a href="${inLanguage(language, '/forms/go-on')}">${text}</a>`
  const groups = codeInGroups(code).split(' ')
  const inside = html`<h1>${title}</h1>
    <p class="lead">${say(language, way === 'post' ? 'askedLead-post' : 'askedLead')}</p>
    <section class="code">
      <h2>${say(language, 'askedCode')}</h2>
      <p class="digits">${groups.map((group) => html`<span>${group}</span> `)}</p>
      <p>${say(language, 'askedOnce')}</p>
    </section>
    <p>${say.rich(language, 'askedHow', { a: here })}</p>
    <p>${say(language, 'askedUntil', { until: dateWords(language, until) })}</p>`
  return minorsPage(before, title, inside)
}

/** An adult who came to a form that is the child's. */
export function adultPage(before: Before): Html {
  const { language, form } = before
  const title = say(language, 'adultTitle', { form: form.title[language] })
  const inside = html`<h1>${title}</h1>
    <p class="lead">${say(language, 'adultLead')}</p>
    <p><a class="usa-button" href="${inLanguage(language, '/me')}">${say(language, 'adultGo')}</a></p>`
  return minorsPage(before, title, inside)
}
