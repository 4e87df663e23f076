import type { City, Programme, Session } from '../../../city/index.ts'
import { field, factsList, notice } from '../../../city/look/index.ts'
import { guardianKinds, ownPage, type ChildAtHome } from '../../../people/residents/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say as sayPublic } from '../messages.ts'
import type { EnrolmentInHand } from '../in-hand.ts'
import { standingWords } from '../pages/standing.ts'
import { agesWords } from '../pages/words.ts'
import { hoursWords, spanWords } from '../when.ts'
import { checkbox } from './checkbox.ts'
import { say } from './messages.ts'
import { fitsAge } from './standing.ts'

export type About = Readonly<{ city: City; language: Language; programme: Programme; session: Session }>

export type ChooseView = About &
  Readonly<{
    children: readonly ChildAtHome[]
    /** Children who are in it already. */
    inIt: ReadonlyMap<string, EnrolmentInHand>
    typed?: Readonly<Record<string, string>>
    errors?: readonly Readonly<{ name: string; says: string }>[]
    wrong?: string
  }>

/** `/me/activities/{session}`: which child takes part. */
export function choosePage(view: ChooseView): Html {
  const { city, language, session, children, errors = [], wrong } = view
  const path = `/me/activities/${session.id}`
  const fitting = children.filter((child) => fitsAge(view.programme, session, child))
  const body = html`${sessionFacts(view)}
    ${children.length > 0 && html`<h2>${say(language, 'who')}</h2>`}
    ${children.length > 0 && fitting.length === 0 && html`<p>${say(language, 'noneFits')}</p>`}
    ${children.length > 0 && html`<ul class="plain">${children.map((child) => html`<li>${childPart(view, child, path)}</li> `)}</ul>`}
    ${togetherPart(view, fitting)} ${newChildPart(view, path)}`
  const title = say(language, 'title')
  return ownPage(city, language, { path, title, body, errors, ...(wrong !== undefined && { wrong }) })
}

export const sessionFacts = ({ city, language, programme, session }: About): Html =>
  factsList([
    [sayPublic(language, 'what'), programme.name[language]],
    [sayPublic(language, 'when'), html`${spanWords(language, session)}<br />${hoursWords(language, session)}`],
    [sayPublic(language, 'where'), city.activities.venues.get(session.venue)?.name[language] ?? ''],
    [
      sayPublic(language, 'forWhom'),
      html`${agesWords(language, programme.ages)}<br /><span class="soft">${sayPublic(language, 'agesOn')}</span>`,
    ],
  ])

function childPart(view: ChooseView, child: ChildAtHome, path: string): Html {
  const { city, language, programme, session, inIt } = view
  const name = child.about.firstName
  const its = inIt.get(child.id)
  if (its)
    return html`<p>
      ${say(language, 'inIt', { name, stands: standingWords(city, language, its) })}
      <a class="onward" href="${inLanguage(language, `${path}/${child.id}`)}">${say(language, 'seeAndChange')}</a>
    </p>`
  if (child.about.born === undefined) return html`<p class="soft">${say(language, 'noBirth', { name })}</p>`
  if (!fitsAge(programme, session, child))
    return html`<p class="soft">${say(language, 'tooYoung', { name, ages: agesWords(language, programme.ages) })}</p>`
  return html`<form method="post" action="${inLanguage(language, path)}">
    <input type="hidden" name="child" value="${child.id}" />
    <p>
      <button class="usa-button" type="submit">${say(language, 'choose', { name })}</button>
      <span class="soft">${say(language, 'fits')}</span>
    </p>
  </form>`
}

/** Where two children or more could be signed up: all of them at once, with the rule in plain words. */
function togetherPart(
  { language, programme, session, inIt }: ChooseView,
  fitting: readonly ChildAtHome[],
): Html | undefined {
  const free = fitting.filter(({ id }) => !inIt.has(id))
  if (free.length < 2) return undefined
  return html`<section class="block" aria-labelledby="together">
    <h2 id="together">${say(language, 'together')}</h2>
    <p>${say(language, 'togetherNote')} ${say(language, 'togetherRule', { hours: programme.offer })}</p>
    <form class="form" method="get" action="${inLanguage(language, `/me/activities/${session.id}/together`)}">
      ${free.map(({ id, about }) => checkbox(`with-${id}`, false, about.firstName, []))}
      <button class="usa-button usa-button--outline" type="submit">${say(language, 'togetherDo')}</button>
    </form>
  </section>`
}

function newChildPart({ language, typed = {}, errors = [] }: ChooseView, path: string): Html {
  const ask = (name: 'firstName' | 'born', hint?: string) => {
    const error = errors.find((one) => one.name === name)?.says
    return field(language, {
      name,
      label: say(language, name),
      // Typed: a picker hides years far off.
      control: { kind: 'text', ...(name === 'born' && { short: true }) },
      needed: true,
      value: typed[name] ?? '',
      ...(hint !== undefined && { hint }),
      ...(error !== undefined && { error }),
    })
  }
  const wrongAs = errors.find((one) => one.name === 'as')?.says
  return html`<section class="block">
    <h2>${say(language, 'newTitle')}</h2>
    <p class="soft">${say(language, 'newNote')}</p>
    <form class="form" method="post" action="${inLanguage(language, path)}">
      ${ask('firstName')} ${ask('born', say(language, 'bornHint'))}
      ${field(language, {
        name: 'as',
        label: say(language, 'as'),
        control: {
          kind: 'radios',
          choices: guardianKinds.map((value) => ({ value, label: say(language, `as_${value}`) })),
        },
        needed: true,
        value: typed['as'] ?? '',
        ...(wrongAs !== undefined && { error: wrongAs }),
      })}
      <button class="usa-button" type="submit">${say(language, 'addDo')}</button>
    </form>
  </section>`
}

/** She has said yes, and has still to show who she is. */
export function notShownPage({ city, language, ...about }: About, child: ChildAtHome, request: string): Html {
  const path = `/me/activities/${about.session.id}/${child.id}`
  const body = html`${sessionFacts({ city, language, ...about })}
    ${notice(
      'note',
      html`<p>${say(language, 'notShown', { name: child.about.firstName })}</p>
        <p><a class="onward" href="${inLanguage(language, `/me/consents/requests/${request}`)}">${say(language, 'notShownLink')}</a></p>`,
    )}`
  return ownPage(city, language, { path, title: say(language, 'title'), body })
}
