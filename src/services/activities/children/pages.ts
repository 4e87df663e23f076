import type { City, Programme, Session } from '../../../city/index.ts'
import { field, factsList, notice } from '../../../city/look/index.ts'
import { guardianKinds, ownPage, type ChildAtHome } from '../../../people/residents/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say as sayPublic } from '../messages.ts'
import type { EnrolmentInHand } from '../in-hand.ts'
import { standingWords } from '../pages/standing.ts'
import { agesWords, moneyWords } from '../pages/words.ts'
import { hoursWords, spanWords } from '../when.ts'
import { waiverMark } from '../import-activities.ts'
import { say } from './messages.ts'
import { fitsAge, type ChildConsent } from './standing.ts'

type About = Readonly<{ city: City; language: Language; programme: Programme; session: Session }>

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
    ${newChildPart(view, path)}`
  const title = say(language, 'title')
  return ownPage(city, language, { path, title, body, errors, ...(wrong !== undefined && { wrong }) })
}

const sessionFacts = ({ city, language, programme, session }: About): Html =>
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
    <button class="usa-button" type="submit">${say(language, 'choose', { name })}</button>
    <span class="soft">${say(language, 'fits')}</span>
  </form>`
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

export type FinishView = About &
  Readonly<{
    child: ChildAtHome
    consents: readonly ChildConsent[]
    token: string
    /** Whether what has to be done first is found already. */
    typed: Readonly<Record<string, string>>
    errors?: readonly Readonly<{ name: string; says: string }>[]
    wrong?: string
  }>

/** `/me/activities/{session}/{child}`, with the consents in force: what is asked under each, the price, and signing up. */
export function finishPage(view: FinishView): Html {
  const { city, language, session, programme, child, token, errors = [], wrong } = view
  const path = `/me/activities/${session.id}/${child.id}`
  const name = child.about.firstName
  const body = html`${sessionFacts(view)}
    <form class="form" method="post" action="${inLanguage(language, path)}">
      <input type="hidden" name="token" value="${token}" />
      <h2>${say(language, 'asks', { name })}</h2>
      <p class="soft">${say(language, 'asksNote')}</p>
      ${programme.purposes.map((purpose) => questions(view, purpose))} ${pricePart(view)} ${beforePart(view)} ${waiverPart(view)}
      <button class="usa-button" type="submit">${say(language, 'do', { name })}</button>
    </form>`
  return ownPage(city, language, { path, title: say(language, 'title'), body, errors, ...(wrong !== undefined && { wrong }) }) // prettier-ignore
}

const keptOf = ({ retention }: City, language: Language, purpose: Programme['purposes'][number]): string =>
  retention.get(purpose.retention)?.text[language] ?? ''

function questions(
  { city, language, consents, child, typed, errors = [] }: FinishView,
  purpose: Programme['purposes'][number],
): Html {
  // prettier-ignore
  if (!consents.some((one) => one.purpose === purpose.id))
    return html`<p class="soft">${say(language, 'without', { purpose: purpose.title[language] })}</p>`
  return html`${purpose.asks.map(({ field: name, label }) => {
    const error = errors.find((one) => one.name === name)?.says
    return field(language, {
      name,
      label: label[language],
      control: name === 'name' ? { kind: 'text' } : { kind: 'lines', rows: 3 },
      needed: purpose.needed,
      value: typed[name] ?? (name === 'name' ? child.about.firstName : ''),
      why: { necessity: purpose.why[language], kept: keptOf(city, language, purpose) },
      ...(error !== undefined && { error }),
    })
  })}`
}

function pricePart({ language, programme: { price }, typed }: FinishView): Html | undefined {
  if (!price || price.full === 0) return undefined
  const choices = [
    { value: 'full', label: say(language, 'full', { price: moneyWords(language, price.full) }) },
    ...[...price.groups].map(([value, { name, cents }]) => ({
      value,
      label: say(language, 'groupOf', { group: name[language], price: moneyWords(language, cents) }),
    })),
  ]
  return html`${choices.length > 1 && field(language, { name: 'group', label: say(language, 'group'), control: { kind: 'radios', choices }, needed: true, value: typed['group'] ?? 'full' })}
    ${choices.length === 1 && html`<p>${choices[0]?.label}</p>`}
    ${price.sibling > 0 && html`<p class="soft">${say(language, 'siblings', { percent: price.sibling })}</p>`}`
}

function beforePart({ city, language, programme, child, typed, errors = [] }: FinishView): Html | undefined {
  if (programme.after.length === 0) return undefined
  const before = programme.after.map((id) => city.activities.programmes.get(id)?.name[language]).join(', ')
  return checkbox(
    'said',
    typed['said'] !== undefined,
    say(language, 'said', { name: child.about.firstName, before }),
    errors,
  )
}

function waiverPart({ language, programme: { waiver }, typed, errors = [] }: FinishView): Html | undefined {
  if (!waiver) return undefined
  return html`<h2>${sayPublic(language, 'waiver')}</h2>
    <p>${waiver[language]}</p>
    ${checkbox('agreed', typed['agreed'] === waiverMark(waiver), say(language, 'agree'), errors, waiverMark(waiver))}`
}

type Errors = NonNullable<FinishView['errors']>

function checkbox(name: string, checked: boolean, words: string, errors: Errors, value = 'yes'): Html {
  const error = errors.find((one) => one.name === name)?.says
  return html`${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
    <div class="usa-checkbox">
      <input class="usa-checkbox__input" ${attributes({ id: name, type: 'checkbox', name, value, checked })} /><label
        class="usa-checkbox__label"
        for="${name}"
        >${words}</label
      >
    </div>`
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
