import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { City } from '../../../city/index.ts'
import { deskSheet, notice } from '../../../city/look/index.ts'
import { passkeyModule } from '../browser/module.ts'
import { say } from '../messages.ts'
import type { Provider } from '../identity-provider/provider.ts'
import type { RelyingParty } from '../relying-party.ts'

export type SignInParts = Readonly<{
  /** Where to go on. */
  then: string
  /** A form that was sent when the session had ended, sealed for whoever typed it; it comes along. */
  kept?: string
  /** The session ended: words were kept, there were none, or nobody can tell whose they are. */
  ended?: 'kept' | 'plain' | 'lost'
  handle?: string
  wrong?: string
}>

type Door = Readonly<{ city: City; party: RelyingParty | undefined; provider?: Provider }>

/** Sign-in with the city's account where there is one; by name and password, or passkey. The same page whoever asks. */
export function signInPage(door: Door, parts: SignInParts): Html {
  const { city, party, provider } = door
  const own = !provider?.settings.only
  const main = html`<h1>${say('en', 'signInTitle')}</h1>
    ${notices(parts)} ${provider && cityForm(parts)}
    ${provider && own && html`<p class="or"><span>${say('en', 'orOwn')}</span></p>`} ${own && ownForm(door, parts)}
    <p class="soft small">${say('en', own ? 'forgotten' : 'forgottenCity')}</p>`
  return deskSheet({
    city,
    title: say('en', 'signIn'),
    wrong: parts.wrong !== undefined,
    main,
    modules: party && own ? [passkeyModule] : [],
  })
}

function cityForm(parts: SignInParts): Html {
  return html`<form class="sign-in" method="post" action="/desk/sign-in/city">
    ${comingAlong(parts)}<button class="button wide" type="submit">${say('en', 'withCityAccount')}</button>
  </form>`
}

function ownForm({ party, provider }: Door, parts: SignInParts): Html {
  const { wrong, handle } = parts
  const passkey = { 'data-passkey-party': party?.id, 'data-passkey-asks': party && '/desk/sign-in/challenges' }
  return html`<form class="sign-in" method="post" action="/desk/sign-in" ${attributes(passkey)}>
    ${comingAlong(parts)}
    <label for="handle">${say('en', 'name')}</label>
    <input
      id="handle"
      name="handle"
      autocomplete="username webauthn"
      autocapitalize="none"
      spellcheck="false"
      maxlength="200"
      ${attributes({ value: handle ?? '', autofocus: !handle && !provider, 'aria-describedby': wrong ? 'wrong' : undefined })}
    />
    <label for="password">${say('en', 'password')}</label>
    <input
      id="password"
      name="password"
      type="password"
      autocomplete="current-password"
      maxlength="1000"
      ${attributes({ autofocus: Boolean(handle), 'aria-describedby': wrong ? 'wrong' : undefined })}
    />
    <button class="button wide${provider && ' outline'}" type="submit">${say('en', 'signIn')}</button>
    <div class="passkey" hidden data-passkey="sign-in">
      <p class="or"><span>${say('en', 'orPasskey')}</span></p>
      <input type="hidden" name="passkey" value="" />
      <button class="button outline wide" type="button">${say('en', 'withPasskey')}</button>
      <p class="error" role="alert" hidden>${say('en', 'passkeyStopped')}</p>
    </div>
  </form>`
}

function notices({ wrong, ended }: SignInParts): Html {
  if (wrong) return html`<div id="wrong" role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`
  if (!ended) return html`<p class="soft">${say('en', 'signInLead')}</p>`
  const more = ended === 'plain' ? undefined : say('en', ended === 'kept' ? 'kept' : 'notKept')
  return notice('note', html`<p>${say('en', 'ended')}${more && html` ${more}`}</p>`)
}

export function comingAlong({ then, kept }: Pick<SignInParts, 'then' | 'kept'>): Html {
  return html`<input type="hidden" name="then" value="${then}" />
    ${kept && html`<input type="hidden" name="kept" value="${kept}" />`}`
}

/** For who comes from another site: asks again from here, since a browser keeps the session back until then. */
export function momentPage({ city }: Door, then: string): Html {
  const main = html`<h1>${say('en', 'momentTitle')}</h1>
    <p><a class="onward" href="${then}">${say('en', 'momentLead')}</a></p>`
  return deskSheet({ city, title: say('en', 'momentTitle'), main })
}

/** After signing in again: sends the form that the end of the session had stopped, as it was. */
export function goOnPage({ city }: Door, then: string, kept: Readonly<Record<string, string>>): Html {
  const fields = Object.entries(kept).map(
    ([name, value]) => html`<input ${attributes({ type: 'hidden', name, value })} /> `,
  )
  const main = html`<h1>${say('en', 'backTitle')}</h1>
    <p>${say('en', 'backLead')}</p>
    <form method="post" action="${then}">
      ${fields}<button class="button wide" type="submit" autofocus>${say('en', 'goOn')}</button>
    </form>`
  return deskSheet({ city, title: say('en', 'backTitle'), main })
}

/** What was kept in the page was typed by somebody else: it is not shown, and not sent. */
export function anothersPage({ city }: Door): Html {
  const main = html`<h1>${say('en', 'anothersTitle')}</h1>
    <p>${say('en', 'anothersLead')}</p>
    <p><a class="onward" href="/desk">${say('en', 'toTheDesk')}</a></p>`
  return deskSheet({ city, title: say('en', 'anothersTitle'), main })
}
