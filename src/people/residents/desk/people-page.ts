import type { City } from '../../../city/index.ts'
import { dateWords, deskPage, empty, factsList, notice } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { guardianKinds, type GuardianKind } from '../actor.ts'
import { say as saysAtHome } from '../messages.ts'
import type { FoundChild, FoundGuardian } from './find-people.ts'
import { say } from './messages.ts'
import { reasonsOf } from './reasons.ts'

export type PeopleView = Readonly<{
  city: City
  staff: Staff
  people: readonly FoundChild[]
  /** What was looked for just now. */
  asked?: string
  wrong?: string
  done?: boolean
}>

/** The counter's page: a child is found by a document or a guardian's address; then what was shown is attested. */
export function peoplePage({ city, staff, people, asked, wrong, done = false }: PeopleView): Html {
  const title = say('en', 'peopleTitle')
  const nothing =
    asked === undefined || wrong !== undefined
      ? empty(say('en', 'nobody'), html`<p>${say('en', 'nobodySays')}</p>`)
      : html`<p role="status">${say('en', 'none')}</p>`
  const main = html`<article class="people">
    <h1>${title}</h1>
    <p class="soft">${say('en', 'peopleLead')}</p>
    ${done && html`<div role="status">${notice('done', html`<p>${say('en', 'done')}</p>`)}</div>`}
    ${wrong !== undefined && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`}
    ${findForm(city, staff, asked ?? '')} ${people.length === 0 ? nothing : people.map((child) => childOf(city, child))}
    ${emancipatedForm()}
  </article>`
  return deskPage({ city, staff, here: 'people', title, wrong: wrong !== undefined, main })
}

function findForm(city: City, staff: Staff, asked: string): Html {
  return html`<form class="stack" method="post" action="/desk/people">
    <label for="words">${say('en', 'find')}</label>
    <p class="hint" id="words-hint">${say('en', 'findHint')}</p>
    <input id="words" name="words" maxlength="254" autocomplete="off" aria-describedby="words-hint" ${attributes({ value: asked })} />
    <label for="reason">${say('en', 'reason')}</label>
    <select id="reason" name="reason">
      ${reasonsOf(city, staff).map(({ id, text }) => html`<option value="${id}">${text.en}</option>`)}
    </select>
    <button class="button" type="submit">${say('en', 'findDo')}</button>
  </form>`
}

function emancipatedForm(): Html {
  const line = (name: string, label: string, hint?: string) =>
    html`<label for="new-${name}">${label}</label>
      ${hint !== undefined && html`<p class="hint" id="new-${name}-hint">${hint}</p>`}
      <input
        ${attributes({ id: `new-${name}`, name, autocomplete: 'off', 'aria-describedby': hint === undefined ? undefined : `new-${name}-hint` })}
      />`
  return html`<details>
    <summary>${say('en', 'emancipated')}</summary>
    <p>${say('en', 'emancipatedSays')}</p>
    <form class="stack" method="post" action="/desk/people/emancipated">
      ${line('firstName', say('en', 'emancipatedName'))} ${line('born', say('en', 'born'), '2010-05-04')}
      ${emailField('new', 'emancipated')}
      <button class="button outline" type="submit">${say('en', 'emancipatedDo')}</button>
    </form>
  </details>`
}

function childOf(city: City, child: FoundChild): Html {
  const { id, about, cameOfAgeAt, hasPage, guardians } = child
  const name = about.firstName
  const since = cameOfAgeAt && dateWords('en', cameOfAgeAt.toZonedDateTimeISO(city.timeZone).toPlainDate())
  return html`<section aria-labelledby="child-${id}">
    <h2 id="child-${id}">${name}</h2>
    ${factsList([[say('en', 'born'), about.born ?? say('en', 'bornUnknown')]])}
    ${since !== undefined && html`<p>${say('en', 'cameOfAge', { date: since })} ${hasPage && say('en', 'hasPage')}</p>`}
    <h3>${say('en', 'guardians', { child: name })}</h3>
    ${
      guardians.length === 0
        ? html`<p>${say('en', 'noGuardians')}</p>`
        : html`<ul class="rows">
            ${guardians.map((guardian) => guardianRow(child, guardian))}
          </ul>`
    }
    ${cameOfAgeAt ? !hasPage && handOver(child) : html`${appointForm(child)} ${emancipate(child)}`}
  </section>`
}

function guardianRow(child: FoundChild, { id, contact, kind, state }: FoundGuardian): Html {
  const name = contact.name || say('en', 'noName')
  const at = `/desk/people/${child.id}`
  return html`<li>
    <strong>${name}</strong>
    <span class="soft">${contact.email || contact.address} · ${say('en', state, { kind: saysAtHome('en', `kind-${kind}`) })}</span>
    <form class="line-form" method="post" action="${at}/attestations">
      <input type="hidden" name="guardian" value="${id}" />
      <label class="unseen" for="kind-${child.id}-${id}">${say('en', 'attestAs', { guardian: name })}</label>
      ${kindChoice(`kind-${child.id}-${id}`, kind)}
      <button class="button outline" type="submit">${say('en', 'attest')}</button>
    </form>
    <form method="post" action="${at}/discharges">
      <input type="hidden" name="guardian" value="${id}" />
      <button class="quiet" type="submit">${say('en', 'discharge')}</button>
    </form>
  </li> `
}

function kindChoice(id: string, chosen: GuardianKind): Html {
  return html`<select id="${id}" name="kind">
    ${guardianKinds.map((kind) => {
      const given = attributes({ value: kind, selected: kind === chosen })
      return html`<option ${given}>${saysAtHome('en', `kind-${kind}`)}</option>`
    })}
  </select>`
}

function appointForm({ id }: FoundChild): Html {
  return html`<details>
    <summary>${say('en', 'appoint')}</summary>
    <form class="stack" method="post" action="/desk/people/${id}/appointments">
      ${emailField(id, 'appoint')}
      <label for="as-${id}">${say('en', 'as')}</label>
      ${kindChoice(`as-${id}`, 'legal-guardian')}
      <button class="button outline" type="submit">${say('en', 'appointDo')}</button>
    </form>
  </details>`
}

const emailField = (id: string, of: string) =>
  html`<label for="${of}-${id}">${say('en', 'email')}</label>
    <input id="${of}-${id}" name="email" type="email" maxlength="254" autocomplete="off" />`

function emancipate({ id, about }: FoundChild): Html {
  const child = about.firstName
  return html`<details>
    <summary>${say('en', 'emancipate', { child })}</summary>
    <p>${say('en', 'emancipateSays', { child })}</p>
    <form method="post" action="/desk/people/${id}/emancipations">
      <button class="button outline" type="submit">${say('en', 'emancipateDo', { child })}</button>
    </form>
  </details>`
}

function handOver({ id, about }: FoundChild): Html {
  const child = about.firstName
  return html`<h3>${say('en', 'handOver', { child })}</h3>
    <p>${say('en', 'handOverSays')}</p>
    <form class="stack" method="post" action="/desk/people/${id}/handings-over">
      ${emailField(id, 'hand')}
      <button class="button" type="submit">${say('en', 'handOverDo')}</button>
    </form>`
}
