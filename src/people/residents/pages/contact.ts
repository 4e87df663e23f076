import type { City } from '../../../city/index.ts'
import { field } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { ContactTyped, ContactWrong } from '../household/contact-acts.ts'
import { say } from '../messages.ts'
import type { Household } from '../open-page.ts'
import { freshFirst, ownPage } from './own.ts'
import { codeField } from './sign-in.ts'

export type ContactView = Readonly<{
  household: Household
  typed?: ContactTyped
  wrong?: ContactWrong
  email?: Readonly<{ typed: string; wrong: boolean }>
  done?: string
}>

/** Her own contact: name, telephone and language to correct; the address, which a code must prove, below. */
export function contactPage(city: City, language: Language, view: ContactView): Html {
  const { household, typed, wrong = {}, email, done } = view
  const { contact, resident } = household
  const now = typed ?? { name: contact.name, telephone: contact.telephone ?? '', language: resident.language }
  const errors = [
    wrong.name && { name: 'name', says: say(language, 'nameWrong') },
    wrong.telephone && { name: 'telephone', says: say(language, 'telephoneWrong') },
    email?.wrong && { name: 'email', says: say(language, 'emailWrong') },
  ].filter((one) => typeof one === 'object')
  const body = html`<form class="form" method="post" action="${inLanguage(language, '/me/contact')}" novalidate>
      ${fields(language, now, wrong)}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'save')}</button></div>
    </form>
    <section aria-labelledby="another">
      <h2 id="another">${say(language, 'changeEmail')}</h2>
      <p>${say(language, 'changeEmailSays', { email: contact.email })}</p>
      ${resident.fresh ? emailForm(language, email) : freshFirst(language, '/me/contact')}
    </section>`
  const said = done === undefined ? {} : { done }
  return ownPage(city, language, { path: '/me/contact', title: say(language, 'contactTitle'), body, errors, ...said })
}

function fields(language: Language, now: ContactTyped, wrong: ContactWrong): Html {
  return html`${field(language, {
    name: 'name',
    label: say(language, 'name'),
    control: { kind: 'text' },
    needed: true,
    value: now.name,
    autocomplete: 'name',
    why: { necessity: say(language, 'nameNeed'), kept: say(language, 'nameKept') },
    ...(wrong.name && { error: say(language, 'nameWrong') }),
  })}${field(language, {
    name: 'telephone',
    label: say(language, 'telephone'),
    control: { kind: 'tel' },
    needed: false,
    value: now.telephone,
    autocomplete: 'tel',
    why: { necessity: say(language, 'telephoneNeed'), kept: say(language, 'nameKept') },
    ...(wrong.telephone && { error: say(language, 'telephoneWrong') }),
  })}${field(language, {
    name: 'language',
    label: say(language, 'language'),
    control: {
      kind: 'radios',
      choices: [
        { value: 'en', label: 'English' },
        { value: 'es', label: 'Español' },
      ],
    },
    needed: true,
    value: now.language,
  })}`
}

function emailForm(language: Language, email: ContactView['email']): Html {
  return html`<form class="form" method="post" action="${inLanguage(language, '/me/contact/codes')}" novalidate>
    ${field(language, {
      name: 'email',
      label: say(language, 'newEmail'),
      control: { kind: 'email' },
      needed: true,
      value: email?.typed ?? '',
      autocomplete: 'email',
      ...(email?.wrong && { error: say(language, 'emailWrong') }),
    })}
    <div class="actions">
      <button class="usa-button usa-button--outline" type="submit">${say(language, 'sendCode')}</button>
    </div>
  </form>`
}

/** Where the code from the new address is typed. */
export function newAddressPage(
  city: City,
  language: Language,
  { email, wrong }: Readonly<{ email: string; wrong?: 'wrong' | 'taken' }>,
): Html {
  const says = wrong === 'wrong' ? say(language, 'codeWrong') : undefined
  const body = html`<p class="lead">${say(language, 'codeSent', { email })}</p>
    <form class="form" method="post" action="${inLanguage(language, '/me/contact/addresses')}" novalidate>
      <input type="hidden" name="email" value="${email}" />${codeField(language, says)}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'confirm')}</button></div>
    </form>`
  return ownPage(city, language, {
    path: '/me/contact',
    title: say(language, 'confirmTitle'),
    body,
    ...(says !== undefined && { errors: [{ name: 'code', says }] }),
    ...(wrong === 'taken' && { wrong: say(language, 'emailTaken') }),
  })
}
