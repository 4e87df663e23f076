import type { Temporal } from 'temporal-polyfill'
import { dateWords, field } from '../../../../city/look/index.ts'
import { html, inLanguage, type Html } from '../../../../plumbing/index.ts'
import { codeInGroups, type ChildCode } from '../../../../people/consent/index.ts'
import { passName } from '../../filling/posted-walk.ts'
import { say } from '../messages.ts'
import { addressOf, minorsPage, type Before } from './age.ts'

export const askNames = { email: '_parent', firstName: '_first-name' } as const

type AskError = 'no-address' | 'no-name' | 'too-many'
export type AskState = Readonly<{ pass: string; email?: string; firstName?: string; error?: AskError }>

/** A minor's only way on: a parent's address and a first name, and no other field. */
export function askPage(before: Before, state: AskState): Html {
  const { city, language, form } = before
  const says = state.error && say(language, `askError-${state.error}`)
  const at = state.error === 'no-name' ? askNames.firstName : askNames.email
  const error = (name: string) => (says !== undefined && name === at ? { error: says } : {})
  const days = city.consent?.answerDays ?? 0
  const phone = html`<span class="nowrap">${city.contact.phone}</span>`
  const inside = html`<p class="progress"><span class="of">${form.title[language]}</span></p>
    <h1>${say(language, 'askHead')}</h1>
    <p class="lead">${say(language, 'askLead')}</p>
    <p>${say(language, 'askNames')}</p>
    <form class="form" id="letter" method="post" action="${addressOf(before)}" novalidate>
      <input type="hidden" name="${passName}" value="${state.pass}" />
      ${field(language, {
        name: askNames.email,
        label: say(language, 'parentLabel'),
        hint: say(language, 'parentHint'),
        control: { kind: 'email' },
        needed: true,
        value: state.email ?? '',
        autocomplete: 'off',
        ...error(askNames.email),
      })}
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
      <div class="actions">
        <button class="usa-button" type="submit" name="_go" value="ask">${say(language, 'askSend')}</button>
      </div>
    </form>`
  const wrong = says === undefined ? [] : [{ name: at, says }]
  return minorsPage(before, say(language, 'askTitle', { form: form.title[language] }), inside, { wrong })
}

/** The code with which she goes on: shown once, to be written down. */
export function askedPage(before: Before, code: ChildCode, until: Temporal.PlainDate): Html {
  const { language } = before
  const here = (text: Html) => html`<a href="${inLanguage(language, '/forms/go-on')}">${text}</a>`
  const groups = codeInGroups(code).split(' ')
  const inside = html`<h1>${say(language, 'askedTitle')}</h1>
    <p class="lead">${say(language, 'askedLead')}</p>
    <section class="code">
      <h2>${say(language, 'askedCode')}</h2>
      <p class="digits">${groups.map((group) => html`<span>${group}</span> `)}</p>
      <p>${say(language, 'askedOnce')}</p>
    </section>
    <p>${say.rich(language, 'askedHow', { a: here })}</p>
    <p>${say(language, 'askedUntil', { until: dateWords(language, until) })}</p>`
  return minorsPage(before, say(language, 'askedTitle'), inside)
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
