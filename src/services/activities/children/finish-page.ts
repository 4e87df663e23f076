import type { City, Programme } from '../../../city/index.ts'
import { field } from '../../../city/look/index.ts'
import { ownPage, type ChildAtHome } from '../../../people/residents/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { waiverMark } from '../import-activities.ts'
import { say as sayPublic } from '../messages.ts'
import { moneyWords } from '../pages/words.ts'
import { checkbox } from './checkbox.ts'
import { say } from './messages.ts'
import { sessionFacts, type About } from './pages.ts'
import type { ChildConsent } from './standing.ts'

/** A child who is signed up by this page; the names of her fields begin with `prefix`. */
export type Signing = Readonly<{ child: ChildAtHome; consents: readonly ChildConsent[]; token: string; prefix: string }>

export type FinishView = About &
  Readonly<{
    its: readonly Signing[]
    typed: Readonly<Record<string, string>>
    errors?: readonly Readonly<{ name: string; says: string }>[]
    wrong?: string
  }>

/**
 * `/me/activities/{session}/{child}`, or `…/together` for brothers and sisters, with the consents in force: what is asked under
 * each, the price, and signing up.
 */
export function finishPage(view: FinishView): Html {
  const { city, language, session, its, errors = [], wrong } = view
  const [first, ...others] = its
  const several = others.length > 0
  const path = `/me/activities/${session.id}/${several ? 'together' : (first?.child.id ?? '')}`
  const body = html`${sessionFacts(view)}
    <form class="form" method="post" action="${inLanguage(language, path)}">
      ${several && html`<p>${say(language, 'togetherNote')}</p>`} ${its.map((one) => aboutChild(view, one, several))}
      ${pricePart(view)} ${waiverPart(view)}
      <button class="usa-button" type="submit">
        ${several ? say(language, 'togetherSend') : say(language, 'do', { name: first?.child.about.firstName ?? '' })}
      </button>
    </form>`
  const title = say(language, several ? 'togetherTitleOf' : 'title')
  return ownPage(city, language, { path, title, body, errors, ...(wrong !== undefined && { wrong }) })
}

function aboutChild(view: FinishView, one: Signing, several: boolean): Html {
  const { language, programme } = view
  const { child, token, prefix } = one
  return html`<input type="hidden" name="${prefix}token" value="${token}" />
    ${several && html`<input type="hidden" name="with-${child.id}" value="yes" />`}
    <h2>${say(language, 'asks', { name: child.about.firstName })}</h2>
    <p class="soft">${say(language, 'asksNote')}</p>
    ${programme.purposes.map((purpose) => questions(view, one, purpose))} ${beforePart(view, one)}`
}

const keptOf = ({ retention }: City, language: Language, purpose: Programme['purposes'][number]): string =>
  retention.get(purpose.retention)?.text[language] ?? ''

function questions(
  { city, language, typed, errors = [] }: FinishView,
  { consents, child, prefix }: Signing,
  purpose: Programme['purposes'][number],
): Html {
  if (!consents.some((one) => one.purpose === purpose.id))
    return html`<p class="soft">${say(language, 'without', { purpose: purpose.title[language] })}</p>`
  return html`${purpose.asks.map(({ field: asked, label }) => {
    const name = prefix + asked
    const error = errors.find((one) => one.name === name)?.says
    return field(language, {
      name,
      label: label[language],
      control: asked === 'name' ? { kind: 'text' } : { kind: 'lines', rows: 3 },
      needed: purpose.needed,
      value: typed[name] ?? (asked === 'name' ? child.about.firstName : ''),
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

function beforePart(view: FinishView, { child, prefix }: Signing): Html | undefined {
  const { city, language, programme, typed, errors = [] } = view
  if (programme.after.length === 0) return undefined
  const before = programme.after.map((id) => city.activities.programmes.get(id)?.name[language]).join(', ')
  return checkbox(
    `${prefix}said`,
    typed[`${prefix}said`] !== undefined,
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
