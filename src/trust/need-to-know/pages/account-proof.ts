import { html, type Html } from '../../../plumbing/index.ts'
import { moment } from '../../../city/look/index.ts'
import type { DeskDoor } from '../desk.ts'
import { say } from '../messages.ts'
import type { AccountParts } from './account.ts'

const isByCity = ({ sessions }: AccountParts): boolean =>
  sessions.some(({ here, method }) => here && method === 'city-account')

/** Before a way of signing in is added or removed: the password, or the provider's own asking, once more. */
export function proofOfHer({ party, provider }: DeskDoor, parts: AccountParts): Html {
  const byCity = isByCity(parts)
  // Who came in by the city's account can change passkeys only.
  const changes = provider?.settings.only ? false : byCity ? party !== undefined : (party ?? provider) !== undefined
  if (parts.proved || !changes) return html``
  return html`<section>
    <h2>${say('en', 'proveTitle')}</h2>
    <p id="prove-hint">${say('en', 'proveLead')}</p>
    ${byCity ? againAtTheCity : passwordAgain}
  </section>`
}

const againAtTheCity = html`<form method="post" action="/desk/sign-in/city">
  <input type="hidden" name="then" value="/desk/account" /><input type="hidden" name="again" value="yes" /><button
    class="button outline"
    type="submit"
  >
    ${say('en', 'proveCity')}
  </button>
</form>`

const passwordAgain = html`<form method="post" action="/desk/account/proofs" class="stack">
  <label for="prove">${say('en', 'oldPassword')}</label>
  <input
    id="prove"
    name="password"
    type="password"
    autocomplete="current-password"
    maxlength="1000"
    aria-describedby="prove-hint"
  />
  <button class="button outline" type="submit">${say('en', 'prove')}</button>
</form>`

/** Whether the city's account signs her in here too; linking it, and taking the link back. */
export function cityAccountOf({ city, provider }: DeskDoor, parts: AccountParts): Html {
  if (!provider) return html``
  const { linkedSince, proved } = parts
  const byCity = isByCity(parts)
  const button = (action: string, words: string) =>
    html`<form method="post" action="${action}">
      <button class="button outline" type="submit">${words}</button>
    </form>`
  return html`<section>
    <h2>${say('en', 'cityAccount')}</h2>
    ${
      linkedSince
        ? html`<p>${say.rich('en', 'linkedSince', { date: moment('en', linkedSince, city.timeZone) })}</p>
            ${
              byCity
                ? html`<p class="soft">${say('en', 'unlinkOtherwise')}</p>`
                : proved
                  ? html`<p class="soft">${say('en', 'unlinkLead')}</p>
                      ${button('/desk/account/city-account-removals', say('en', 'unlink'))}`
                  : html`<p class="soft">${say('en', 'unlinkProve')}</p>`
            }`
        : html`<p>${say('en', 'linkLead')}</p>
            ${
              proved
                ? button('/desk/account/city-accounts', say('en', 'link'))
                : html`<p class="soft">${say('en', 'linkProve')}</p>`
            }`
    }
  </section>`
}
