import type { City, Department } from '../../../city/index.ts'
import { placeholders } from '../../../city/index.ts'
import { deskPage, empty, notice, paragraphs } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { say } from './messages.ts'
import type { OfferedTemplate } from './offered.ts'
import {
  longestTemplate,
  longestTitle,
  type Mistake,
  type TemplateField,
  type TemplateWritten,
} from './revise-template.ts'

type Viewer = Readonly<{ name: string }>
type Said = Readonly<{ done?: string; wrong?: string }>

/** The templates of her departments: those written on the desk, and those of the city's files. */
export function templatesPage(
  city: City,
  staff: Viewer,
  parts: Said &
    Readonly<{ departments: readonly (Department & { may: boolean })[]; templates: readonly OfferedTemplate[] }>,
): Html {
  const { departments, templates, done, wrong } = parts
  const files = [...city.templates.values()]
  const main = html`<article class="templates">
    <h1>${say('en', 'templates')}</h1>
    ${said({ ...(done && { done }), ...(wrong && { wrong }) })}
    <p class="soft">${say('en', 'lead')}</p>
    ${departments.map((department) => {
      const own = templates.filter((one) => one.department === department.id)
      return html`<section>
        <h2>${department.name.en}</h2>
        ${
          own.length > 0
            ? html`<ul class="rows">
                ${own.map(templateRow)}
              </ul>`
            : empty(say('en', 'none'), html`<p>${say('en', 'noneLead')}</p>`, 3)
        }
        ${
          department.may &&
          html`<p>
            <a class="button outline" href="/desk/templates/new?department=${department.id}"
              >${say('en', 'newFor', { department: department.name.en })}</a
            >
          </p>`
        }
        ${fileRows(files.filter((one) => one.department === department.id))}
      </section>`
    })}
    <section>
      <h2>${say('en', 'groupAll')}</h2>
      ${fileRows(files.filter((one) => one.department === 'all'))}
    </section>
  </article>`
  return deskPage({ city, staff, here: 'templates', title: say('en', 'templates'), wrong: wrong !== undefined, main })
}

function templateRow(one: OfferedTemplate): Html {
  return html`<li>
    <details>
      <summary>${one.title}</summary>
      ${both(one.words)}
    </details>
    ${one.desk?.may && html`<a class="onward" href="/desk/templates/${one.id}">${say('en', 'change', { title: one.title })}</a>`}
  </li> `
}

function fileRows(some: readonly OfferedTemplate[]): Html | undefined {
  if (some.length === 0) return undefined
  return html`<h3>${say('en', 'ofFiles')}</h3>
    <p class="soft small">${say('en', 'ofFilesLead')}</p>
    <ul class="rows">
      ${some.map(templateRow)}
    </ul>`
}

const both = ({ en, es }: OfferedTemplate['words']) =>
  html`${paragraphs(en)}${es !== undefined && html`<div lang="es">${paragraphs(es)}</div>`}`

const said = ({ done, wrong }: Said) =>
  html`${done && html`<div role="status">${notice('done', html`<p>${done}</p>`)}</div>`}
  ${wrong && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`}`

export type TemplateMistakes = Readonly<Partial<Record<TemplateField, Mistake>>>

/** Writing a template: title, English, Spanish, and what may stand in braces. */
export function templatePage(
  city: City,
  staff: Viewer,
  written: TemplateWritten,
  parts: Readonly<{ wrong?: string; mistakes?: TemplateMistakes }> = {},
): Html {
  const { mistakes = {}, wrong } = parts
  const department = city.departments.get(written.department)?.name.en ?? ''
  const title =
    written.version === 0 ? say('en', 'newFor', { department }) : say('en', 'change', { title: written.title })
  const isWrong = wrong !== undefined || Object.keys(mistakes).length > 0
  const list = placeholders.map((name) => `{${name}}`).join(' ')
  const main = html`<article class="templates">
    <p><a class="onward" href="/desk/templates" data-key="u">${say('en', 'cancel')}</a></p>
    <h1>${title}</h1>
    ${said({ ...(wrong && { wrong }) })}
    <form method="post" action="/desk/templates/revisions" class="write">
      ${(['id', 'version', 'department'] as const).map(
        (name) => html`<input type="hidden" name="${name}" value="${written[name]}" />`,
      )}
      ${field('title', mistakes.title, html`<input ${control('title', mistakes.title, longestTitle)} value="${written.title}" />`)}
      <p class="hint" id="placeholders">${say('en', 'placeholders', { list })}</p>
      ${field('en', mistakes.en, area('en', written.en, mistakes.en))}
      ${field('es', mistakes.es, area('es', written.es, mistakes.es))}
      <div class="row">
        <button class="button" type="submit">${say('en', 'save')}</button>
        ${
          written.version > 0 &&
          html`<button class="quiet" type="submit" formaction="/desk/templates/removals">${say('en', 'remove')}</button>`
        }
      </div>
    </form>
  </article>`
  return deskPage({ city, staff, here: 'templates', title, wrong: isWrong, main })
}

const labels = { title: 'titleLabel', en: 'enLabel', es: 'esLabel' } as const
const hints = { title: 'titleHint', es: 'esHint' } as const

function field(name: TemplateField, mistake: Mistake | undefined, inside: Html): Html {
  return html`<div class="field">
    <label for="template-${name}">${say('en', labels[name])}</label>
    ${name !== 'en' && html`<p class="hint" id="template-${name}-hint">${say('en', hints[name])}</p>`}
    ${mistake && html`<p class="error" id="template-${name}-error">${mistakeWords(mistake)}</p>`} ${inside}
  </div>`
}

function control(name: TemplateField, mistake: Mistake | undefined, most: number): Html {
  const described = [mistake && `template-${name}-error`, name === 'en' ? 'placeholders' : `template-${name}-hint`]
  return attributes({
    id: `template-${name}`,
    name,
    maxlength: most,
    autocomplete: 'off',
    'aria-describedby': described.filter(Boolean).join(' '),
    'aria-invalid': mistake ? 'true' : undefined,
    autofocus: mistake !== undefined,
  })
}

const area = (name: 'en' | 'es', words: string, mistake: Mistake | undefined) =>
  html`<textarea ${control(name, mistake, longestTemplate)} rows="8" lang="${name}">
${words}</textarea>`

function mistakeWords(mistake: Mistake): string {
  switch (mistake.what) {
    case 'empty':
      return say('en', 'mistakeEmpty')
    case 'too-long':
      return say('en', 'mistakeLong')
    case 'strange':
      return say('en', 'mistakeStrange', { strange: mistake.strange })
    default:
      return mistake satisfies never
  }
}
