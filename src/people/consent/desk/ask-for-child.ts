import type { City } from '../../../city/index.ts'
import { deskPage, empty, notice } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Desk, Staff } from '../../../trust/need-to-know/index.ts'
import { mayConsent } from '../../residents/index.ts'
import { codeInGroups, type ChildCode } from '../actor.ts'
import { ask, type AskRefusal } from '../ask.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import type { Notice } from '../notice.ts'
import type { Band } from '../rules.ts'
import { say } from './post-messages.ts'

const bands: readonly Band[] = ['under-13', 'under-18']

type View = Readonly<{
  city: City
  staff: Staff
  /** What may be asked for children today. */
  things: readonly Notice[]
  typed: Readonly<Record<string, string>>
  wrong?: AskRefusal
}>

/** `/desk/consents/asking`: a clerk asks a parent for a child who stands before her, by e-mail or by letter. */
export function askForChildRoutes(desk: Desk, house: ConsentRoutesHouse): void {
  const { city } = house
  const at = '/desk/consents/asking'
  const things = () => house.asksMinors?.() ?? []
  desk.get(at, ({ staff, reply }) =>
    mayConsent(city, { staff })
      ? reply.page(askingPage({ city, staff, things: things(), typed: {} }))
      : reply.problem(404),
  )
  desk.post(at, async ({ actor, staff, reply, posted }) => {
    const about = things().find(({ thing }) => thing === posted['thing'])
    if (!mayConsent(city, { staff }) || !about) return reply.problem(404)
    const reach = posted['way'] === 'post' ? { address: posted['address'] ?? '' } : { email: posted['email'] ?? '' }
    const band = bands.find((one) => one === posted['band']) ?? 'under-13'
    const language = posted['language'] === 'es' ? 'es' : 'en'
    const firstName = posted['firstName'] ?? ''
    const asked = await ask(house, { ...reach, notice: about, band, firstName, language }, actor)
    if ('refused' in asked)
      return reply.page(askingPage({ city, staff, things: things(), typed: posted, wrong: asked.refused }), 422)
    return reply.page(childsCodePage({ city, staff, code: asked.code, site: house.publicUrl }))
  })
}

function askingPage({ city, staff, things, typed, wrong }: View): Html {
  const title = say('en', 'askTitle')
  const main = html`<article class="consents">
    <p><a class="back" href="/desk/consents" data-key="u">${say('en', 'back')}</a></p>
    ${wrong && html`<div role="alert">${notice('wrong', html`<p>${say('en', `askError-${wrong}`)}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="soft">${say('en', 'askLead')}</p>
    ${things.length === 0 ? empty(say('en', 'askNone'), html`<p>${say('en', 'askNoneSays')}</p>`) : askingForm(things, typed)}
  </article>`
  return deskPage({ city, staff, here: 'consents', title, main, wrong: wrong !== undefined })
}

function askingForm(things: View['things'], typed: View['typed']): Html {
  const choose = (name: string, label: string, choices: readonly (readonly [string, string])[]) =>
    html`<div class="ask">
      <label for="${name}">${label}</label>
      <select id="${name}" name="${name}">
        ${choices.map(
          ([value, words]) => html`<option ${attributes({ value, selected: value === typed[name] })}>${words}</option>`,
        )}
      </select>
    </div>`
  return html`<form class="write" method="post" action="/desk/consents/asking">
      ${choose(
        'thing',
        say('en', 'thing'),
        things.map(({ thing, title: words }) => [thing, words.en] as const),
      )}
      ${choose(
        'band',
        say('en', 'band'),
        bands.map((one) => [one, say('en', `band-${one}`)] as const),
      )}
      ${choose('language', say('en', 'language'), [
        ['en', say('en', 'english')],
        ['es', say('en', 'spanish')],
      ])}
      <div class="ask">
        <label for="firstName">${say('en', 'firstName')}</label>
        <input id="firstName" name="firstName" autocomplete="off" value="${typed['firstName'] ?? ''}" />
      </div>
      ${choose('way', say('en', 'way'), [
        ['email', say('en', 'way-email')],
        ['post', say('en', 'way-post')],
      ])}
      <div class="ask">
        <label for="email">${say('en', 'email')}</label>
        <input id="email" name="email" type="email" autocomplete="off" value="${typed['email'] ?? ''}" />
      </div>
      <div class="ask">
        <label for="address">${say('en', 'address')}</label>
        <p class="hint" id="address-hint">${say('en', 'addressHint')}</p>
        <textarea id="address" name="address" rows="3" aria-describedby="address-hint">${typed['address'] ?? ''}</textarea>
      </div>
      <p class="row"><button class="button" type="submit">${say('en', 'askGo')}</button></p>
    </form>`
}

function childsCodePage({
  city,
  staff,
  code,
  site,
}: Pick<View, 'city' | 'staff'> & Readonly<{ code: ChildCode; site: string }>): Html {
  const title = say('en', 'askedTitle')
  const main = html`<article class="consents">
    <div role="status">${notice('done', html`<p>${say('en', 'askedLead')}</p>`)}</div>
    <h1>${title}</h1>
    <p class="code">${codeInGroups(code)}</p>
    <p>${say('en', 'askedHow', { site: `${site.replace(/\/$/, '')}/forms/go-on` })}</p>
    <p><a class="button outline" href="/desk/consents" data-key="u">${say('en', 'back')}</a></p>
  </article>`
  return deskPage({ city, staff, here: 'consents', title, main })
}
