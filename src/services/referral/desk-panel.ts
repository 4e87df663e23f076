import { moment, notice } from '../../city/look/index.ts'
import type { City } from '../../city/index.ts'
import { html, type Html } from '../../plumbing/index.ts'
import { whyNotDelivered, type SeenOnDesk } from '../correspondence/index.ts'
import { say } from './desk-messages.ts'
import type { ReferralLine } from './panel.ts'

/** Above the letters: what did not arrive at another agency, why, and what the clerk can do about it. */
export function referralsAtTop(city: City, seen: SeenOnDesk, lines: readonly ReferralLine[]): Html | undefined {
  const lost = lines.filter(({ state, answered_at }) => isLost(state) && answered_at === null)
  if (lost.length === 0) return undefined
  return html`${lost.map((line) => {
    const why = whyLost(line)
    return html`<div class="referral-lost">
      ${notice(
        'wrong',
        html`<p>${say('en', 'lost', { agency: nameOf(city, line), why })}</p>
          ${mayStart(city, seen) && html`<div class="row">${againForm(seen, line)} ${seen.key && anewLink(seen, line)}</div>`}`,
      )}
    </div>`
  })}`
}

/** Below the letters: every sending, how it stands, and the way to send on. */
export function referralsOnDesk(city: City, seen: SeenOnDesk, lines: readonly ReferralLine[]): Html | undefined {
  const start = mayStart(city, seen)
  if (!start && lines.length === 0) return undefined
  return html`<section class="record" aria-labelledby="referrals">
    <h2 id="referrals">${say('en', 'referrals')}</h2>
    ${
      lines.length > 0 &&
      html`<ul class="rows">
        ${lines.map(
          (line) =>
            html`<li>
              <span>${nameOf(city, line)}</span> ${moment('en', line.made_at, city.timeZone)}
              <span class="soft">${standing(line)} ${partsOf(line)}</span>
            </li> `,
        )}
      </ul>`
    }
    ${start && html`<p>${seen.key ? startLink(seen) : html`<span class="soft">${say('en', 'startSealed')}</span>`}</p>`}
  </section>`
}

const startLink = ({ line, query }: SeenOnDesk): Html =>
  html`<a class="onward" href="/desk/cases/${line.id}/referrals/new${query}">${say('en', 'start')}</a>`

const isLost = (state: ReferralLine['state']): boolean => state === 'failed' || state === 'bounced'
const nameOf = (city: City, { agency }: ReferralLine): string => city.agencies.get(agency)?.name.en ?? agency

function mayStart(city: City, { line, staff }: SeenOnDesk): boolean {
  const duties = staff.duties.map((id) => city.duties.get(id))
  return line.state !== 'closed' && duties.some((one) => one?.topics.includes(line.topic) && one.may.includes('refer'))
}

function standing(line: ReferralLine): string {
  const { state, answered_at: answered, their_number: number, their_status: status } = line
  const here = number === null ? '' : ` ${say('en', 'theirNumber', { number })}`
  if (answered !== null)
    return say('en', status === null ? 'isAnswered' : status === 'closed' ? 'isClosedThere' : 'isOpenThere') + here
  if (isLost(state)) return say('en', 'isLost', { why: whyLost(line) })
  const words = { waiting: 'isWaiting', sent: 'isSent', kept: 'isKept', failed: 'isSent', bounced: 'isSent' } as const
  return say('en', words[state]) + here
}

/** A report of which nobody knows whether it arrived is said to be so: sent again, it may be there twice. */
function whyLost({ way, failure, state }: ReferralLine): string {
  if (failure === 'file-gone') return say('en', 'whyFileGone')
  if (way === 'open311' && failure === 'later') return say('en', 'whyUnknown')
  return whyNotDelivered('en', failure ?? state)
}

const categories = ['case', 'words', 'answers', 'place', 'name', 'contact', 'files'] as const

/** Which parts left, by kind. */
function partsOf({ fields }: ReferralLine): string {
  const kinds = new Set(fields.map((code) => code.split(':', 1)[0]))
  const named = categories.filter((one) => kinds.has(one)).map((one) => say('en', `part-${one}`))
  return say('en', 'parts', { parts: named.join(', ') })
}

function againForm({ line, query }: SeenOnDesk, { id }: ReferralLine): Html {
  return html`<form method="post" action="/desk/cases/${line.id}/referrals/${id}/sendings${query}">
    <button class="button" type="submit">${say('en', 'again')}</button>
  </form>`
}

const anewLink = ({ line }: SeenOnDesk, { agency }: ReferralLine): Html =>
  html`<a class="onward" href="/desk/cases/${line.id}/referrals/new?agency=${agency}">${say('en', 'anew')}</a>`
