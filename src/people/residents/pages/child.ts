import { dateWords, field } from '../../../city/look/index.ts'
import type { City } from '../../../city/index.ts'
import type { Temporal } from 'temporal-polyfill'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { guardianKinds } from '../actor.ts'
import type { ChildTyped, ChildWrong, GuardianLine, Invitation } from '../household/child-acts.ts'
import { say } from '../household/messages.ts'
import { say as says } from '../messages.ts'
import type { ChildAtHome } from '../open-page.ts'
import { freshFirst, ownPage, press } from './own.ts'

export type ChildView = Readonly<{
  child: ChildAtHome
  fresh: boolean
  guardians: readonly GuardianLine[]
  invitations: readonly Invitation[]
  typed?: ChildTyped
  wrong?: ChildWrong
  asked?: Readonly<{ email: string; kind: string; wrong: Readonly<{ email?: true; kind?: true }> }>
  done?: 'done' | 'invited' | 'takenBack'
  refused?: 'inviteMany'
  panels: readonly Html[]
}>

/** What the city knows of a child, and who stands for her: to correct, to ask a second guardian, to end. */
export function childPage(city: City, language: Language, view: ChildView): Html {
  const { child, done, refused, wrong = {}, asked } = view
  const name = child.about.firstName
  const path = `/me/children/${child.id}`
  const errors = [
    wrong.firstName && { name: 'firstName', says: say(language, 'firstNameWrong') },
    wrong.born && { name: 'born', says: say(language, `bornWrong-${wrong.born}`) },
    asked?.wrong.email && { name: 'email', says: say(language, 'emailWrong') },
    asked?.wrong.kind && { name: 'kind', says: say(language, 'kindWrong') },
  ].filter((one) => typeof one === 'object')
  const body = html`${aboutForm(language, view, path)}
    ${view.panels.map((panel) => html`<section>${panel}</section>`)} ${guardiansOf(city, language, view, path)}
    <section aria-labelledby="end">
      <h2 id="end">${say(language, 'endTitle', { child: name })}</h2>
      <p>${say(language, view.guardians.length > 1 ? 'endOthers' : 'endLast', { child: name })}</p>
      ${view.fresh ? press(language, `${path}/endings`, say(language, 'end', { child: name })) : freshFirst(language, path)}
    </section>`
  return ownPage(city, language, {
    path,
    title: say(language, 'childTitle', { child: name }),
    body,
    errors,
    ...(done && { done: say(language, done) }),
    ...(refused && { wrong: say(language, refused) }),
  })
}

function aboutForm(language: Language, { child, typed, wrong = {} }: ChildView, path: string): Html {
  const { about } = child
  const kept = say(language, 'firstNameKept')
  return html`<form class="form" method="post" action="${inLanguage(language, path)}" novalidate>
    ${field(language, {
      name: 'firstName',
      label: say(language, 'firstName'),
      control: { kind: 'text' },
      needed: true,
      value: typed?.firstName ?? about.firstName,
      autocomplete: 'off',
      why: { necessity: say(language, 'firstNameNeed'), kept },
      ...(wrong.firstName && { error: say(language, 'firstNameWrong') }),
    })}${
      about.born !== undefined &&
      field(language, {
        name: 'born',
        label: say(language, 'born'),
        hint: say(language, 'bornHint'),
        control: { kind: 'text', short: true },
        needed: true,
        value: typed?.born ?? about.born,
        autocomplete: 'off',
        why: { necessity: say(language, 'bornNeed'), kept },
        ...(wrong.born && { error: say(language, `bornWrong-${wrong.born}`) }),
      })
    }
    <div class="actions"><button class="usa-button" type="submit">${say(language, 'save')}</button></div>
  </form>`
}

function guardiansOf(city: City, language: Language, view: ChildView, path: string): Html {
  const { child, guardians, invitations, fresh } = view
  const name = child.about.firstName
  const day = (at: Temporal.Instant) => dateWords(language, at.toZonedDateTimeISO(city.timeZone).toPlainDate())
  const kindWords = (kind: GuardianLine['kind']) => says(language, `kind-${kind}`)
  return html`<section aria-labelledby="who">
    <h2 id="who">${say(language, 'who', { child: name })}</h2>
    <ul class="own-rows">
      ${guardians.map(
        ({ own, kind, state, since }) =>
          html`<li>
            <div>
              <strong>${say(language, own ? 'you' : 'another', { kind: kindWords(kind) })}</strong>
              <p class="soft small">
                ${say(language, state === 'shown' ? 'stateShown' : 'stateClaimed', { date: day(since) })}
              </p>
            </div>
          </li> `,
      )}
      ${invitations.map(
        ({ id, kind, askedAt }) =>
          html`<li>
            <div>${say(language, 'waiting', { date: day(askedAt), kind: kindWords(kind) })}</div>
            ${press(language, `${path}/invitation-endings`, say(language, 'takeBack'), { invitation: id })}
          </li> `,
      )}
    </ul>
    <p>${say(language, 'whoSays')}</p>
    <p class="soft">${say(language, 'shownSays', { child: name })}</p>
    <h3>${say(language, 'inviteTitle')}</h3>
    ${fresh ? inviteForm(language, view, path) : freshFirst(language, path)}
  </section>`
}

function inviteForm(language: Language, { child, asked }: ChildView, path: string): Html {
  return html`<form class="form" method="post" action="${inLanguage(language, `${path}/invitations`)}" novalidate>
    ${field(language, {
      name: 'email',
      label: say(language, 'inviteEmail'),
      control: { kind: 'email' },
      needed: true,
      value: asked?.email ?? '',
      autocomplete: 'off',
      why: { necessity: say(language, 'inviteNeed'), kept: say(language, 'inviteKept') },
      ...(asked?.wrong.email && { error: say(language, 'emailWrong') }),
    })}${field(language, {
      name: 'kind',
      label: say(language, 'inviteKind', { child: child.about.firstName }),
      control: {
        kind: 'select',
        empty: say(language, 'kindEmpty'),
        choices: guardianKinds.map((kind) => ({ value: kind, label: says(language, `kind-${kind}`) })),
      },
      needed: true,
      value: asked?.kind ?? '',
      ...(asked?.wrong.kind && { error: say(language, 'kindWrong') }),
    })}
    <div class="actions">
      <button class="usa-button usa-button--outline" type="submit">${say(language, 'invite')}</button>
    </div>
  </form>`
}
