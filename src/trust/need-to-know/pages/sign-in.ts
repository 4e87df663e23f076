import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { City } from '../../../city/index.ts'
import { deskSheet, notice } from '../../../city/look/index.ts'
import { passkeyModule } from '../browser/module.ts'
import { say } from '../messages.ts'
import type { RelyingParty } from '../relying-party.ts'

export type SignInParts = Readonly<{
  /** Where to go on. */
  then: string
  /** The fields of a form that was sent when the session had ended; they come along. */
  kept?: Readonly<Record<string, string>>
  ended?: boolean
  handle?: string
  wrong?: string
}>

type Door = Readonly<{ city: City; party: RelyingParty | undefined }>

/** Sign-in by name and password; by passkey where the browser can. The same page whoever is asked for. */
export function signInPage({ city, party }: Door, parts: SignInParts): Html {
  const { wrong, handle } = parts
  const main = html`<h1>${say('en', 'signInTitle')}</h1>
    ${notices(parts)}
    <form class="sign-in" method="post" action="/desk/sign-in" ${attributes({ 'data-passkey-party': party?.id })}>
      ${comingAlong(parts)}
      <label for="handle">${say('en', 'name')}</label>
      <input
        id="handle"
        name="handle"
        autocomplete="username webauthn"
        autocapitalize="none"
        spellcheck="false"
        maxlength="200"
        ${attributes({ value: handle ?? '', autofocus: !handle, 'aria-describedby': wrong ? 'wrong' : undefined })}
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
      <button class="button wide" type="submit">${say('en', 'signIn')}</button>
      <div class="passkey" hidden data-passkey="sign-in">
        <p class="or"><span>${say('en', 'orPasskey')}</span></p>
        <input type="hidden" name="passkey" value="" />
        <button class="button outline wide" type="button">${say('en', 'withPasskey')}</button>
        <p class="error" role="alert" hidden>${say('en', 'passkeyStopped')}</p>
      </div>
    </form>
    <p class="soft small">${say('en', 'forgotten')}</p>`
  return deskSheet({
    city,
    title: say('en', 'signIn'),
    wrong: wrong !== undefined,
    main,
    modules: party ? [passkeyModule] : [],
  })
}

function notices({ wrong, ended, kept }: SignInParts): Html {
  if (wrong) return html`<div id="wrong" role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`
  if (!ended) return html`<p class="soft">${say('en', 'signInLead')}</p>`
  const wrote = kept && Object.values(kept).some((value) => value.length > 40)
  return notice('note', html`<p>${say('en', 'ended')}${wrote && html` ${say('en', 'kept')}`}</p>`)
}

function comingAlong({ then, kept }: SignInParts): Html {
  return html`<input type="hidden" name="then" value="${then}" />
    ${kept && html`<input type="hidden" name="kept" value="${JSON.stringify(kept)}" />`}`
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
