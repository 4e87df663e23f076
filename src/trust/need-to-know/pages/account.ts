import type { Temporal } from 'temporal-polyfill'
import { attributes, html, join, type Html } from '../../../plumbing/index.ts'
import { deskPage, moment, notice } from '../../../city/look/index.ts'
import type { Staff } from '../actor.ts'
import { passkeyModule } from '../browser/module.ts'
import type { DeskDoor } from '../desk.ts'
import { say } from '../messages.ts'
import type { Passkey } from '../passkey-register.ts'
import type { OwnSession } from '../session.ts'
import { cityAccountOf, proofOfHer } from './account-proof.ts'

export type AccountParts = Readonly<{
  staff: Staff
  passkeys: readonly Passkey[]
  sessions: readonly OwnSession[]
  /** She proved who she is within five minutes: passkeys and the city's account may be added and removed. */
  proved: boolean
  /** Since when the city's account signs her in here. */
  linkedSince?: Temporal.Instant
  done?: string
  wrong?: string
}>

/** An employee's own account: her duties, her passkeys, the city's account, where she is signed in, her password. */
export function accountPage(door: DeskDoor, parts: AccountParts): Html {
  const { city, party } = door
  const { staff, done, wrong } = parts
  const main = html`<article class="account">
    <h1>${say('en', 'account')}</h1>
    <p class="soft">${staff.name} · ${say('en', 'userName', { handle: staff.handle })}</p>
    ${done && html`<div role="status">${notice('done', html`<p>${done}</p>`)}</div>`}
    ${wrong && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`} ${dutiesOf(door, staff)}
    ${proofOfHer(door, parts)} ${passkeysOf(door, parts)} ${cityAccountOf(door, parts)} ${sessionsOf(door, parts.sessions)} ${!door.provider?.settings.only && passwordForm(staff)}
  </article>`
  return deskPage({
    city,
    staff,
    here: 'account',
    title: say('en', 'account'),
    wrong: wrong !== undefined,
    main,
    modules: party ? [passkeyModule] : [],
  })
}

function dutiesOf({ city }: DeskDoor, staff: Staff): Html {
  const known = staff.duties.map((id) => city.duties.get(id)).filter((duty) => duty !== undefined)
  const rows = known.map((duty) => {
    const department = city.departments.get(duty.department)?.name.en ?? ''
    const topics = duty.topics.map((id) => city.topics.get(id)?.name.en ?? id)
    return html`<li>
      <strong>${say('en', 'dutyOf', { duty: duty.title.en, department })}</strong>
      <span class="soft">${join(topics, ', ')}</span>
    </li> `
  })
  return html`<section>
    <h2>${say('en', 'duties')}</h2>
    ${
      rows.length > 0
        ? html`<ul class="rows">
            ${rows}
          </ul>`
        : html`<p>${say('en', 'noDuties')}</p>`
    }
  </section>`
}

function passkeysOf(door: DeskDoor, { passkeys, proved }: AccountParts): Html {
  if (door.provider?.settings.only) return html``
  return html`<section>
    <h2>${say('en', 'passkeys')}</h2>
    <p class="soft">${say('en', 'passkeysLead')}</p>
    ${
      passkeys.length > 0
        ? html`<ul class="rows">
            ${passkeys.map((passkey) => passkeyRow(door, passkey, proved))}
          </ul>`
        : html`<p>${say('en', 'noPasskeys')}</p>`
    }
    ${
      !door.party
        ? html`<p class="soft">${say('en', 'passkeysUnavailable')}</p>`
        : proved && addPasskeyForm(door.party.id)
    }
  </section>`
}

function passkeyRow({ city }: DeskDoor, { id, label, addedAt, usedAt }: Passkey, proved: boolean): Html {
  const at = (instant: Temporal.Instant) => moment('en', instant, city.timeZone)
  return html`<li>
    <strong>${label}</strong>
    <span class="soft"
      >${say.rich('en', 'passkeyAdded', { date: at(addedAt) })} ·
      ${usedAt ? say.rich('en', 'passkeyUsed', { date: at(usedAt) }) : say('en', 'passkeyNever')}</span
    >
    ${
      proved &&
      html`<form method="post" action="/desk/account/passkey-removals">
        <input type="hidden" name="passkey" value="${id}" /><button
          class="quiet"
          type="submit"
          aria-label="${say('en', 'removeNamed', { label })}"
        >
          ${say('en', 'remove')}
        </button>
      </form>`
    }
  </li> `
}

function addPasskeyForm(party: string): Html {
  return html`<form
    method="post"
    action="/desk/account/passkeys"
    class="line-form"
    ${attributes({ 'data-passkey-party': party, 'data-passkey-asks': '/desk/account/passkey-challenges' })}
  >
    <div hidden data-passkey="add">
      <label for="label">${say('en', 'passkeyLabel')}</label>
      <input id="label" name="label" maxlength="60" placeholder="${say('en', 'passkeyLabelHint')}" />
      <input type="hidden" name="passkey" value="" />
      <button class="button outline" type="button">${say('en', 'addPasskey')}</button>
      <p class="error" role="alert" hidden>${say('en', 'passkeyNotVerified')}</p>
    </div>
    <p class="soft" data-passkey="unable">${say('en', 'passkeysNeedScript')}</p>
  </form>`
}

function sessionsOf({ city }: DeskDoor, sessions: readonly OwnSession[]): Html {
  const row = ({ id, here, method, startedAt, lastSeenAt }: OwnSession) =>
    html`<li>
      <strong>${say('en', here ? 'sessionHere' : 'sessionOther')}</strong>
      <span class="soft"
        >${say.rich('en', 'sessionSince', { date: moment('en', startedAt, city.timeZone), method: method.replace('-', '') })} ·
        ${say.rich('en', 'sessionSeen', { date: moment('en', lastSeenAt, city.timeZone) })}</span
      >
      ${
        !here &&
        html`<form method="post" action="/desk/account/session-endings">
          <input type="hidden" name="session" value="${id}" /><button class="quiet" type="submit">
            ${say('en', 'endSession')}
          </button>
        </form>`
      }
    </li> `
  return html`<section>
    <h2>${say('en', 'sessions')}</h2>
    <ul class="rows">
      ${sessions.map(row)}
    </ul>
    <form method="post" action="/desk/sign-outs">
      <input type="hidden" name="everywhere" value="yes" />
      <button class="button outline" type="submit">${say('en', 'everywhere')}</button>
    </form>
  </section>`
}

function passwordForm(staff: Staff): Html {
  return html`<section>
    <h2>${say('en', 'changePassword')}</h2>
    <form method="post" action="/desk/account/passwords" class="stack">
      <input type="text" name="username" autocomplete="username" value="${staff.handle}" hidden />
      <label for="old">${say('en', 'oldPassword')}</label>
      <input id="old" name="old" type="password" autocomplete="current-password" maxlength="1000" />
      <label for="wanted">${say('en', 'newPassword')}</label>
      <p class="hint" id="wanted-hint">${say('en', 'newPasswordHint')}</p>
      <input
        id="wanted"
        name="wanted"
        type="password"
        autocomplete="new-password"
        maxlength="1000"
        aria-describedby="wanted-hint"
      />
      <button class="button outline" type="submit">${say('en', 'change')}</button>
    </form>
  </section>`
}
