import type { City } from '../../../../city/index.ts'
import { notice, page } from '../../../../city/look/index.ts'
import { html, type Html, type Language, type Mistake } from '../../../../plumbing/index.ts'
import { numberInWords } from '../../answer-in-words.ts'
import type { ReadAnswers } from '../../define-answers.ts'
import type { FormDefinition } from '../../define.ts'
import type { Trial } from '../../pages/form.ts'
import { letterOf } from '../../submit.ts'
import { costOf } from '../../what-it-costs.ts'
import { say } from '../messages.ts'

export type Tried = Readonly<{
  city: City
  language: Language
  form: FormDefinition
  /** What was filled in to try it out, as it would be taken. */
  read: ReadAnswers
  /** Names of files that were chosen. */
  files: readonly string[]
}>

/** What stands above each page of a draft that is tried out. */
export function trialOf({ id, version }: FormDefinition, language: Language): Trial {
  const own = `/desk/forms/${id}`
  const other = language === 'en' ? 'es' : 'en'
  const above = notice(
    'note',
    html`<p><b>${say('en', 'previewOf', { version })}</b> ${say('en', 'previewLead')}</p>
      <p>
        <a href="${own}">${say('en', 'backToForm')}</a> ·
        <a href="${own}/preview?language=${other}">${say('en', other === 'es' ? 'previewSpanish' : 'previewEnglish')}</a>
      </p>`,
  )
  return { action: `${own}/trials?language=${language}`, above, send: say('en', 'tryOut') }
}

/** What would come of the draft, at the width of a phone; what was filled in is shown and kept nowhere. */
export function triedPage(tried: Tried): Html {
  const { city, language, form } = tried
  const body = html`<div class="wrap page as-on-phone">
    ${trialOf(form, language).above}
    <h1>${form.title[language]}</h1>
    ${triedPart(tried)}
    <p><a class="usa-button usa-button--outline" href="/desk/forms/${form.id}/preview?language=${language}">${say('en', 'tryAgain')}</a></p>
  </div>`
  const title = say('en', 'previewTitle', { title: form.title[language] })
  return page({ city, language, path: '/services', title, body, personal: true })
}

/** What would be sent, to whom, what it would cost and how long it would be kept. */
function triedPart({ city, language, form, read, files }: Tried): Html {
  const letter = letterOf(city, form, read, language)
  const topic = city.topics.get(read.topic)
  const department = topic && city.departments.get(topic.department)
  const fees = costOf(city, form, read.answers)
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
    ${files.length > 0 && html`<p><b>${say('en', 'triedFiles')}</b>: ${files.join(', ')}<br /><em>${say('en', 'triedFilesStay')}</em></p>`}
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
