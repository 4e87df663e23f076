import type { City } from '../../../city/index.ts'
import { dateWords, deskPage, factsList, notice, paragraphs } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { guardianKinds } from '../../residents/index.ts'
import { say } from './messages.ts'
import type { RequestOnDesk } from './on-desk.ts'
import { wantsWords } from './queue-page.ts'

export type RequestDeskView = Readonly<{
  city: City
  staff: Staff
  request: RequestOnDesk
  refused?: 'too-weak' | 'no-evidence' | 'not-offered' | 'not-there' | 'not-sure'
  typed?: Readonly<Record<string, string>>
}>

/** One request: sealed until it is opened for a reason; then who it is, and what the clerk attests. */
export function requestDeskPage(view: RequestDeskView): Html {
  const { city, staff, request, refused } = view
  const { opened, waits } = request
  const title = say('en', 'requestTitle', { number: String(request.number) })
  const main = html`<article class="consents">
    <p><a class="back" href="/desk/consents" data-key="u">${say('en', 'back')}</a></p>
    ${refused && html`<div role="alert">${notice('wrong', html`<p>${say('en', `refused-${refused}`)}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="soft">${request.title.en} · ${say('en', `band-${request.band}`)}</p>
    ${factsList([
      [say('en', 'wants'), wantsWords(request.wants)],
      [say('en', 'until'), dateWords('en', request.endsOn)],
      [
        say('en', 'waits'),
        waits
          .map(
            ({ purpose, strength }) =>
              `${request.purposes.get(purpose)?.en ?? purpose} (${say('en', 'strength', { strength })})`,
          )
          .join(', '),
      ],
      opened && [say('en', 'guardian'), html`<strong>${opened.guardian ?? ''}</strong>`],
      opened && [say('en', 'child'), opened.firstName],
      opened?.email !== undefined && [say('en', 'email'), opened.email],
    ])}
    ${opened ? attestForm(view) : openForm(view, 'openings')} ${request.letter === 'asked' && letterPart(request)}
  </article>`
  return deskPage({ city, staff, here: 'consents', title, main, wrong: refused !== undefined })
}

export function openForm(
  { city, staff, request }: Pick<RequestDeskView, 'city' | 'staff'> & { request: { id: string } },
  noun: string,
): Html {
  const duty = staff.duties.flatMap((one) => city.duties.get(one) ?? []).find(({ may }) => may.includes('consent'))
  return html`<form class="write" method="post" action="/desk/consents/${request.id}/${noun}">
    <p>${say('en', 'sealed')}</p>
    <label for="reason">${say('en', 'reason')}</label>
    <select id="reason" name="reason">
      ${(duty?.reasons ?? []).map((reason) => html`<option value="${reason.id}">${reason.text.en}</option>`)}
    </select>
    <p class="row"><button class="button" type="submit">${say('en', 'open')}</button></p>
  </form>`
}

function attestForm({ city, request, typed = {} }: RequestDeskView): Html {
  const methods = [...(city.consent?.methods ?? [])].filter(([id]) => id !== 'email-plus' && id !== 'code-by-post')
  return html`<form
    class="write"
    method="post"
    action="/desk/consents/${request.id}/verifications"
    enctype="multipart/form-data"
  >
    <h2>${say('en', 'attestTitle')}</h2>
    <p class="soft">${say('en', 'attestLead')}</p>
    <div class="ask">
      <label for="method">${say('en', 'method')}</label>
      <select id="method" name="method">
        ${methods.map(
          ([value]) =>
            html`<option ${attributes({ value, selected: value === typed['method'] })}>${say('en', `method-${value}`)}</option>`,
        )}
      </select>
    </div>
    <div class="ask">
      <label for="as">${say('en', 'as')}</label>
      <select id="as" name="as">
        ${guardianKinds.map(
          (value) =>
            html`<option ${attributes({ value, selected: value === typed['as'] })}>${say('en', `as-${value}`)}</option>`,
        )}
      </select>
    </div>
    <div class="ask">
      <label for="evidence">${say('en', 'evidence')}</label>
      <p class="hint" id="evidence-hint">${say('en', 'evidenceHint')}</p>
      <input type="file" id="evidence" name="evidence" aria-describedby="evidence-hint" accept="application/pdf,image/*" />
    </div>
    <p>
      <label><input type="checkbox" name="sure" value="yes" /> ${say('en', 'sure')}</label>
    </p>
    <p class="row"><button class="button" type="submit">${say('en', 'attest')}</button></p>
  </form>`
}

function letterPart({ id, opened, address }: RequestOnDesk): Html {
  return html`<section class="record" aria-labelledby="letter">
    <h2 id="letter">${say('en', 'letterTitle')}</h2>
    ${
      opened && address !== undefined
        ? html`<p class="soft">${say('en', 'letterLead')}</p>
            <div class="letter">${paragraphs(address)}</div>
            <form method="post" action="/desk/consents/${id}/letters">
              <button class="button outline" type="submit">${say('en', 'print')}</button>
            </form>`
        : html`<p class="soft">${say('en', 'letterNotOpen')}</p>`
    }
  </section>`
}

export type LetterView = Readonly<{
  city: City
  staff: Staff
  request: RequestOnDesk
  address: string
  code: string
  site: string
}>

/** The letter itself, in both languages: the code is on it and nowhere else. */
export function letterPage({ city, staff, request, address, code, site }: LetterView): Html {
  const days = city.consent?.codeByPostDays ?? 0
  const words = { site, number: String(request.number), days }
  const main = html`<p class="unprinted"><a class="button outline" href="/desk/consents" data-key="u">${say('en', 'back')}</a></p>
    <article class="consents paper">
    <div class="address">${paragraphs([request.opened?.guardian ?? '', address].join('\n'))}</div>
    <h1>${say('en', 'letterHeading')}: ${code.slice(0, 4)} ${code.slice(4)}</h1>
    <p>${say('en', 'letterGreeting')}</p>
    <p>${say('en', 'letterText', words)}</p>
    <p lang="es">${say('en', 'letterTextEs', words)}</p>
    <p>${say('en', 'letterNot')}</p>
    <p>${city.name.en}, ${city.contact.address}, ${city.contact.phone}</p>
  </article>`
  return deskPage({ city, staff, here: 'consents', title: say('en', 'letterTitle'), main })
}
