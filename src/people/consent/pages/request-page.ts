import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import {
  dateWords,
  errorSummary,
  factsList,
  field,
  notice as noticeBox,
  page,
  weekdayWords,
} from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { guardianKinds, type ChildAtHome } from '../../residents/index.ts'
import type { KeptNotice, Purpose } from '../notice.ts'
import { say } from '../own/messages.ts'
import type { RequestOfHers } from '../own/read.ts'

export type RequestView = Readonly<{
  city: City
  language: Language
  request: RequestOfHers
  kept: KeptNotice
  /** The child's first name, as the request says it. */
  firstName: string
  children: readonly Pick<ChildAtHome, 'id' | 'about'>[]
  typed: Readonly<Record<string, string>>
  today: Temporal.PlainDate
  errors: readonly Readonly<{ name: string; says: string }>[]
  refused?: 'over' | 'take-back' | 'changed' | 'too-many'
}>

/** The question to a guardian: each purpose with why, what, who and how long, and a yes or a no of its own. */
export function requestPage(view: RequestView): Html {
  const { city, language, request, kept, firstName, errors, refused } = view
  const title = say(language, 'requestTitle', { child: firstName, title: kept.notice.title[language] })
  const path = `/me/consents/requests/${request.id}`
  const self = request.askedBy === 'guardian'
  const words = { child: firstName, title: kept.notice.title[language] }
  const body = html`<div class="wrap page own consent">
    <p><a class="back" href="${inLanguage(language, '/me')}">${say(language, 'back')}</a></p>
    ${errorSummary(language, errors)}
    ${refused && noticeBox('wrong', html`<p>${say(language, `refused-${refused}`)}</p>`)}
    <h1>${title}</h1>
    <p class="lead">${say(language, self ? 'requestLeadSelf' : 'requestLead', words)}</p>
    ${!self && html`<p>${say(language, 'requestUntil', { date: weekdayWords(language, request.endsOn) })}</p>`}
    <form class="form" method="post" action="${inLanguage(language, path)}" novalidate>
      <input type="hidden" name="notice" value="${kept.hash}" />
      ${kept.notice.purposes.map((purpose) => purposePart(view, purpose))}
      ${self ? html`<input type="hidden" name="child" value="${request.child ?? ''}" />` : childPart(view)}
      ${guardianPart(view)}
      <p class="soft">${say(language, 'howToRevoke')}</p>
      <p class="actions">
        <button class="usa-button" type="submit">${say(language, 'send')}</button>
        <button class="usa-button usa-button--outline" type="submit" name="decline" value="all" formnovalidate>
          ${say(language, 'declineAll')}
        </button>
      </p>
    </form>
  </div>`
  return page({
    city,
    language,
    path,
    title,
    body,
    personal: true,
    signedIn: true,
    wrong: errors.length > 0 || refused !== undefined,
  })
}

function purposePart(view: RequestView, purpose: Purpose): Html {
  const { language, firstName, typed, errors } = view
  const title = purpose.title[language]
  const name = `purpose-${purpose.id}`
  const error = errors.find((one) => one.name === name)?.says
  return html`<section class="purpose" aria-labelledby="about-${purpose.id}">
    <h2 id="about-${purpose.id}">${title}</h2>
    <p>
      <span class="tag ${purpose.needed ? 'strong' : ''}">${say(language, purpose.needed ? 'needed' : 'optional')}</span>
    </p>
    ${purposeFacts(view, purpose)}
    ${field(language, {
      name,
      label: say(language, 'question', { title }),
      needed: true,
      control: {
        kind: 'radios',
        choices: [
          { value: 'yes', label: say(language, 'yes') },
          { value: 'no', label: say(language, 'no') },
        ],
      },
      ...(purpose.needed && { hint: say(language, 'neededNo', { child: firstName }) }),
      ...(typed[name] !== undefined && { value: typed[name] }),
      ...(error !== undefined && { error }),
    })}
  </section>`
}

/** Which information, why, who sees it, how long: the notice's own words. */
export function purposeFacts(
  {
    city,
    language,
    request,
    today,
  }: Pick<RequestView, 'city' | 'language' | 'today'> & { request: Pick<RequestOfHers, 'band'> },
  purpose: Purpose,
): Html {
  const until = 'until' in purpose.lasts ? purpose.lasts.until : today.add({ days: purpose.lasts.days }).toString()
  const strength = purpose.strength[request.band]
  const methods = [...(city.consent?.methods ?? [])].filter(([, one]) => one.strength >= strength)
  const ways = methods.map(([id]) => say(language, `method-${id}`)).join(' · ')
  const closed =
    purpose.closedToGuardians === undefined ? undefined : city.consent?.closedToGuardians.get(purpose.closedToGuardians)
  return factsList([
    [say(language, 'why'), purpose.why[language]],
    [
      say(language, 'asks'),
      purpose.asks.length === 0
        ? say(language, 'asksNothing')
        : html`<ul class="plain">
            ${purpose.asks.map(({ label }) => html`<li>${label[language]}</li>`)}
          </ul>`,
    ],
    [
      say(language, 'sees'),
      html`${purpose.sees[language]}${closed && html`<br />${say(language, 'closedNote')} ${closed[language]}`}`,
    ],
    [say(language, 'kept'), purpose.kept[language]],
    [say(language, 'until'), dateWords(language, dateOf(until, today))],
    [
      say(language, 'shows'),
      strength === 1 && city.consent?.methods.has('email-plus') ? say(language, 'showsNow') : ways,
    ],
  ])
}

const dateOf = (text: string, like: Temporal.PlainDate): Temporal.PlainDate => {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number)
  return like.with({ year, month, day })
}

function childPart(view: RequestView): Html {
  const { language, children, typed, firstName, errors } = view
  const errorOf = (name: string) => errors.find((one) => one.name === name)?.says
  const also = (name: string) => {
    const error = errorOf(name)
    return error === undefined ? {} : { error }
  }
  const known = children.map(({ id, about }) => ({ value: id, label: about.firstName }))
  const bornHint = children.length > 0 ? { hint: say(language, 'bornHint') } : {}
  return html`<section class="purpose" aria-labelledby="who">
    <h2 id="who">${say(language, 'whoTitle')}</h2>
    ${
      children.length > 0 &&
      field(language, {
        name: 'child',
        label: say(language, 'childWhich'),
        needed: true,
        control: { kind: 'radios', choices: [...known, { value: 'new', label: say(language, 'childNew') }] },
        value: typed['child'] ?? '',
        ...also('child'),
      })
    }
    ${field(language, {
      name: 'firstName',
      label: say(language, 'firstName'),
      needed: children.length === 0,
      control: { kind: 'text', short: true },
      value: typed['firstName'] ?? firstName,
      why: { necessity: say(language, 'firstNameWhy'), kept: say(language, 'bornKept') },
      ...also('firstName'),
    })}
    ${field(language, {
      name: 'born',
      label: say(language, 'born'),
      needed: children.length === 0,
      control: { kind: 'date', short: true },
      value: typed['born'] ?? '',
      why: { necessity: say(language, 'bornWhy'), kept: say(language, 'bornKept') },
      ...bornHint,
      ...also('born'),
    })}
    ${field(language, {
      name: 'as',
      label: say(language, 'as'),
      needed: children.length === 0,
      control: {
        kind: 'select',
        empty: say(language, 'asChoose'),
        choices: guardianKinds.map((kind) => ({ value: kind, label: say(language, `as-${kind}`) })),
      },
      value: typed['as'] ?? '',
      ...also('as'),
    })}
  </section>`
}

function guardianPart({ language, typed, errors }: RequestView): Html {
  const error = errors.find(({ name }) => name === 'guardian')?.says
  return field(language, {
    name: 'guardian',
    label: say(language, 'guardian'),
    needed: true,
    control: { kind: 'text' },
    autocomplete: 'name',
    value: typed['guardian'] ?? '',
    why: { necessity: say(language, 'guardianWhy'), kept: say(language, 'guardianKept') },
    ...(error !== undefined && { error }),
  })
}
