import type { Temporal } from 'temporal-polyfill'
import { moment } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { passkeyModule } from '../browser/module.ts'
import type { ResidentsHouse } from '../house.ts'
import { say } from '../messages.ts'
import { devices, type Passkey } from '../sign-in/passkey.ts'
import type { OwnSession } from '../sign-in/session.ts'
import { freshFirst, ownPage, press } from './own.ts'

export type SignInsView = Readonly<{
  fresh: boolean
  passkeys: readonly Passkey[]
  sessions: readonly OwnSession[]
  done?: string
  wrong?: string
}>

type House = Pick<ResidentsHouse, 'city' | 'party'>

/** How she signs in, and where she is signed in. */
export function signInsPage(house: House, language: Language, view: SignInsView): Html {
  const { done, wrong } = view
  const body = html`${passkeysOf(house, language, view)} ${sessionsOf(house, language, view.sessions)}`
  return ownPage(house.city, language, {
    path: '/me/sign-ins',
    title: say(language, 'signInsTitle'),
    body,
    ...(done !== undefined && { done }),
    ...(wrong !== undefined && { wrong }),
    modules: house.party ? [passkeyModule.href] : [],
  })
}

function passkeysOf({ city, party }: House, language: Language, { passkeys, fresh }: SignInsView): Html {
  const at = (instant: Temporal.Instant) => moment(language, instant, city.timeZone)
  const row = ({ id, device, addedAt, usedAt }: Passkey) =>
    html`<li>
      <div>
        <strong>${say(language, `device-${device}`)}</strong>
        <p class="soft small">
          ${say.rich(language, 'passkeyAdded', { date: at(addedAt) })},
          ${usedAt ? say.rich(language, 'passkeyUsed', { date: at(usedAt) }) : say(language, 'passkeyNever')}
        </p>
      </div>
      ${fresh && press(language, '/me/passkey-removals', say(language, 'remove'), { passkey: id })}
    </li> `
  return html`<section aria-labelledby="passkeys">
    <h2 id="passkeys">${say(language, 'passkeys')}</h2>
    <p>${say(language, 'passkeysLead')}</p>
    ${
      passkeys.length > 0
        ? html`<ul class="own-rows">
            ${passkeys.map(row)}
          </ul>`
        : html`<p class="soft">${say(language, 'noPasskeys')}</p>`
    }
    ${
      !party
        ? html`<p class="soft">${say(language, 'passkeysUnavailable')}</p>`
        : fresh
          ? addForm(language, party.id)
          : freshFirst(language, '/me/sign-ins')
    }
  </section>`
}

function addForm(language: Language, party: string): Html {
  return html`<form
    class="form"
    method="post"
    action="${inLanguage(language, '/me/passkeys')}"
    ${attributes({ 'data-passkey-party': party, 'data-passkey-asks': '/me/passkey-offers' })}
  >
    <div hidden data-passkey="add">
      <div class="field">
        <label for="device">${say(language, 'passkeyDevice')}</label>
        <select class="usa-select" id="device" name="device">
          ${devices.map((one) => html`<option value="${one}">${say(language, `device-${one}`)}</option>`)}
        </select>
      </div>
      <input type="hidden" name="passkey" value="" />
      <div class="actions">
        <button class="usa-button usa-button--outline" type="button">${say(language, 'addPasskey')}</button>
      </div>
      <p class="error" role="alert" hidden>${say(language, 'passkeyNotVerified')}</p>
    </div>
    <p class="soft" data-passkey="unable">${say(language, 'passkeysNeedScript')}</p>
  </form>`
}

function sessionsOf({ city }: House, language: Language, sessions: readonly OwnSession[]): Html {
  const at = (instant: Temporal.Instant) => moment(language, instant, city.timeZone)
  const row = ({ id, here, method, startedAt, lastSeenAt }: OwnSession) =>
    html`<li>
      <div>
        <strong>${say(language, here ? 'sessionHere' : 'sessionOther')}</strong>
        <p class="soft small">
          ${say.rich(language, 'sessionSince', {
            date: at(startedAt),
            how: say(language, method === 'code' ? 'byCode' : 'byPasskey'),
          })},
          ${say.rich(language, 'sessionSeen', { date: at(lastSeenAt) })}
        </p>
      </div>
      ${!here && press(language, '/me/session-endings', say(language, 'endSession'), { session: id })}
    </li> `
  return html`<section aria-labelledby="sessions">
    <h2 id="sessions">${say(language, 'sessions')}</h2>
    <ul class="own-rows">
      ${sessions.map(row)}
    </ul>
    ${press(language, '/me/sign-outs', say(language, 'everywhere'), { everywhere: 'yes' })}
  </section>`
}
