import type { City } from '../../../../city/index.ts'
import { errorSummary, notice, page } from '../../../../city/look/index.ts'
import { html, type Html, type Language, type Mistake } from '../../../../plumbing/index.ts'
import { numberInWords } from '../../answer-in-words.ts'
import { feesOf } from '../../answering/fees.ts'
import type { FieldError } from '../../answering/errors.ts'
import type { ReadAnswers } from '../../define-answers.ts'
import type { FormDefinition } from '../../define.ts'
import { errorWords } from '../../pages/error-words.ts'
import { question } from '../../pages/question.ts'
import { letterOf } from '../../submit.ts'
import { say } from '../messages.ts'

export type PreviewView = Readonly<{
  city: City
  language: Language
  form: FormDefinition
  values?: Readonly<Record<string, string>>
  errors?: readonly FieldError[]
  /** What was filled in to try it out, as it would be taken. */
  tried?: ReadAnswers
}>

/** The draft as a resident sees it, at the width of a phone; what is filled in is shown and kept nowhere. */
export function previewPage(view: PreviewView): Html {
  const { city, language, form, values = {}, errors = [], tried } = view
  const wrong = errorWords(language, form, errors)
  const drawing = { city, language, state: { values }, wrong }
  const own = `/desk/forms/${form.id}`
  const other = language === 'en' ? 'es' : 'en'
  const body = html`<div class="wrap page as-on-phone">
    ${notice(
      'note',
      html`<p><b>${say('en', 'previewOf', { version: form.version })}</b> ${say('en', 'previewLead')}</p>
        <p>
          <a href="${own}">${say('en', 'backToForm')}</a> ·
          <a href="${own}/preview?language=${other}">${say('en', other === 'es' ? 'previewSpanish' : 'previewEnglish')}</a>
        </p>`,
    )}
    ${tried && triedPart(view, tried)} ${errorSummary(language, wrong)}
    <h1>${form.title[language]}</h1>
    <p class="lead">${form.intro[language]}</p>
    <form class="form" method="post" action="${own}/trials" novalidate>
      <input type="hidden" name="language" value="${language}" />
      ${form.pages.map(
        ({ title, intro, fields }) =>
          html`${title && html`<h2>${title[language]}</h2>`}${intro && html`<p>${intro[language]}</p>`}
          ${fields.map((one) => question(drawing, one))}`,
      )}
      <div class="actions"><button class="usa-button" type="submit">${say('en', 'tryOut')}</button></div>
    </form>
  </div>`
  return page({
    city,
    language,
    path: '/services',
    title: say('en', 'previewTitle', { title: form.title[language] }),
    body,
    personal: true,
    wrong: wrong.length > 0,
  })
}

/** What would be sent, to whom, what it would cost and how long it would be kept. */
function triedPart({ city, language, form }: PreviewView, read: ReadAnswers): Html {
  const letter = letterOf(city, form, read, language)
  const topic = city.topics.get(read.topic)
  const department = topic && city.departments.get(topic.department)
  const fees = feesOf(form, read.answers)
  const money = (cents: number) => numberInWords(cents, true, language)
  const kept = (name: string) => {
    const privacy = form.fields.find((field) => field.name === name)?.privacy
    return (privacy && city.retention.get(privacy.retention)?.text[language]) ?? say('en', 'notAboutPerson')
  }
  return html`<section class="tried" id="tried">
    <h2>${say('en', 'triedTitle')}</h2>
    <p>${say('en', 'triedNothing')}</p>
    <h3>${say('en', 'triedRouted')}</h3>
    <p>${say('en', 'triedTopic', { topic: topic?.name.en ?? read.topic, department: department?.name.en ?? '' })}</p>
    <h3>${say('en', 'triedSent')}</h3>
    <dl class="facts">
      ${Object.entries(letter.contact).map(
        ([category, value]) =>
          html`<div><dt>${say('en', `category-${category as 'name' | 'email' | 'telephone'}`)}</dt><dd>${value} <em>${say('en', 'triedApart')}</em></dd></div> `,
      )}
      ${letter.answers.map(({ field, label, value }) => html`<div><dt>${label}</dt><dd>${value}<br /><em>${say('en', 'triedKept', { long: kept(field) })}</em></dd></div> `)}
    </dl>
    <h3>${say('en', 'triedCharged')}</h3>
    ${
      fees && fees.lines.length > 0
        ? html`<ul>
            ${fees.lines.map(({ label, cents }) => html`<li>${label[language]}: ${money(cents)}</li>`)}
            ${fees.waived.map(({ label, cents }) => html`<li>${label[language]}: −${money(cents)}</li>`)}
            <li><b>${say('en', 'triedTotal', { total: money(fees.total) })}</b></li>
          </ul>`
        : html`<p>${say('en', 'triedFree')}</p>`
    }
  </section>`
}

/** Where a draft cannot be shown yet: what is in the way, each where it is put right. */
export function notYetPage(city: City, id: string, mistakes: readonly Mistake[]): Html {
  const href = (place: string) => {
    const [, name] = /^(?:fields|schema\/properties)\/([^/]+)/.exec(place) ?? []
    return name === undefined ? `/desk/forms/${id}` : `/desk/forms/${id}/questions/${name}`
  }
  const body = html`<div class="wrap page as-on-phone">
    <h1>${say('en', 'notYetTitle')}</h1>
    <p>${say('en', 'notYet')}</p>
    <ul>
      ${mistakes.map(({ file, says, allowed }) => html`<li><a href="${href(file)}">${say('en', 'mistakeAllowed', { says, allowed })}</a></li>`)}
    </ul>
    <p><a href="/desk/forms/${id}">${say('en', 'backToForm')}</a></p>
  </div>`
  return page({
    city,
    language: 'en',
    path: '/services',
    title: say('en', 'notYetTitle'),
    body,
    personal: true,
  })
}
