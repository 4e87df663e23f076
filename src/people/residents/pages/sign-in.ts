import { errorSummary, field, notice, page, phoneLink } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { passkeyModule } from '../browser/module.ts'
import type { ResidentsHouse } from '../house.ts'
import { say } from '../messages.ts'

type House = Pick<ResidentsHouse, 'city' | 'party' | 'codesOnDesk'>

export type SignInState = Readonly<{
  /** Where to go on. */
  then: string
  typed?: string
  wrong?: 'email' | 'passkey' | 'too-many'
  /** Why she is here, where she did not come by herself. */
  ended?: 'not-done' | 'signed-out' | 'left' | 'again'
}>

/** Where a resident signs in: by a code that is mailed, or a passkey. The same page whoever asks. */
export function signInPage(house: House, language: Language, state: SignInState): Html {
  const { city, party } = house
  const { typed = '', then, wrong } = state
  const error = wrong === 'email' ? say(language, 'emailWrong') : undefined
  const title = say(language, 'signInTitle')
  const body = html`<div class="wrap page">
    ${errorSummary(language, error ? [{ name: 'email', says: error }] : [], 'asked')}
    <h1>${title}</h1>
    ${said(language, state)}
    <p class="lead">${say(language, 'signInLead')}</p>
    <form class="form" method="post" action="${inLanguage(language, '/me/codes')}" novalidate>
      <input type="hidden" name="then" value="${then}" />
      ${field(language, {
        name: 'email',
        label: say(language, 'email'),
        control: { kind: 'email' },
        needed: true,
        value: typed,
        autocomplete: 'email',
        why: { necessity: say(language, 'emailWhy'), kept: say(language, 'emailKept') },
        ...(error !== undefined && { error }),
      })}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'sendCode')}</button></div>
    </form>
    ${party && passkeyForm(language, party.id, then)}
  </div>`
  const modules = party ? [passkeyModule.href] : []
  return page({ city, language, path: '/me/sign-in', title, body, wrong: error !== undefined, personal: true, modules })
}

function said(language: Language, { ended, wrong }: SignInState): Html | undefined {
  if (wrong === 'passkey') return alert(say(language, 'noPasskey'))
  if (wrong === 'too-many') return alert(say(language, 'tooMany'))
  if (ended === 'not-done') return alert(say(language, 'notDone'))
  if (ended === 'again') return notice('note', html`<p>${say(language, 'freshFirst')}</p>`)
  if (ended === undefined) return undefined
  const words = say(language, ended === 'left' ? 'leftDone' : 'signedOut')
  return html`<div role="status">${notice('done', html`<p>${words}</p>`)}</div>`
}

const alert = (words: string) => html`<div role="alert">${notice('wrong', html`<p>${words}</p>`)}</div>`

/** Shown by its module, and only where the browser can. */
function passkeyForm(language: Language, party: string, then: string): Html {
  return html`<form
    class="form passkey"
    method="post"
    action="${inLanguage(language, '/me/sessions')}"
    ${attributes({ 'data-passkey-party': party, 'data-passkey-asks': '/me/passkey-questions' })}
  >
    <div hidden data-passkey="sign-in">
      <p>${say(language, 'orPasskey')}</p>
      <input type="hidden" name="then" value="${then}" />
      <input type="hidden" name="passkey" value="" />
      <button class="usa-button usa-button--outline" type="button">${say(language, 'withPasskey')}</button>
      <p class="error" role="alert" hidden>${say(language, 'passkeyStopped')}</p>
    </div>
  </form>`
}

/** Where the code is typed. The address comes along in the page: nothing of it is kept until the code shows that it is hers. */
export function codePage(
  house: House,
  language: Language,
  { email, then, wrong = false }: Readonly<{ email: string; then: string; wrong?: boolean }>,
): Html {
  const { city } = house
  const title = say(language, 'codeTitle')
  const error = wrong ? say(language, 'codeWrong') : undefined
  const body = html`<div class="wrap page">
    ${errorSummary(language, error ? [{ name: 'code', says: error }] : [], 'asked')}
    <h1>${title}</h1>
    <p class="lead">${say(language, 'codeSent', { email })}</p>
    ${house.codesOnDesk && notice('note', html`<p>${say(language, 'sampleCodes')}</p>`)}
    <form class="form" method="post" action="${inLanguage(language, '/me/sessions')}" novalidate>
      <input type="hidden" name="then" value="${then}" />
      <input type="hidden" name="email" value="${email}" />
      ${codeField(language, error)}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'signIn')}</button></div>
    </form>
    <h2 class="later">${say(language, 'codeNone')}</h2>
    <p>${say.rich(language, 'codeNoneSays', { phone: phoneLink(city.contact.phone) })}</p>
    <form method="post" action="${inLanguage(language, '/me/codes')}">
      <input type="hidden" name="then" value="${then}" /><input type="hidden" name="email" value="${email}" />
      <button class="usa-button usa-button--outline" type="submit">${say(language, 'codeAgain')}</button>
    </form>
  </div>`
  return page({ city, language, path: '/me/sign-in', title, body, wrong, personal: true })
}

export function codeField(language: Language, error?: string): Html {
  return field(language, {
    name: 'code',
    label: say(language, 'code'),
    hint: say(language, 'codeHint'),
    control: { kind: 'digits', short: true },
    needed: true,
    autocomplete: 'one-time-code',
    ...(error !== undefined && { error }),
  })
}
