import type { City } from '../../../city/index.ts'
import { deskPage, notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Visit } from '../../../trust/need-to-know/index.ts'
import type { CaseLine } from '../../correspondence/index.ts'
import { sayOnDesk } from '../describe/desk-messages.ts'
import { signs, type Mark } from '../describe/find-personal.ts'
import { describeForm } from './listed-panel.ts'

export type Preview = Readonly<{
  line: CaseLine
  query: string
  words: string
  marks: readonly Mark[]
  /** Proves to the act that these very words were shown. */
  seen: string
  wrong?: string
  /** Beside the box: the words will not do at all, so there is nothing to preview. */
  beside?: boolean
}>

/** The public words as they will stand, what looks personal marked in them, before anybody else can read them. */
export function previewPage(city: City, staff: Visit['staff'], preview: Preview): Html {
  const { line, query, words, wrong, beside } = preview
  const at = `/desk/cases/${line.id}`
  const topic = city.topics.get(line.topic)?.name.en ?? line.topic
  const main = html`<article class="preview">
    <p><a class="onward" href="${at}${query}" data-key="u">${sayOnDesk('en', 'back')}</a></p>
    <h1>${sayOnDesk('en', 'previewTitle')}</h1>
    <p class="soft">${sayOnDesk('en', 'previewCase', { number: String(line.number), topic })}</p>
    ${wrong !== undefined && !beside && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`}
    ${!beside && shown(preview)}
    <section class="write">
      <h2>${sayOnDesk('en', 'changeText')}</h2>
      ${describeForm(`${at}/descriptions${query}`, line.version, words, 'again', beside ? wrong : undefined)}
    </section>
  </article>`
  const title = sayOnDesk('en', 'previewTitle')
  return deskPage({ city, title, wrong: wrong !== undefined, staff, here: 'inbox', main })
}

function shown({ line, query, words, marks, seen }: Preview): Html {
  const named = signs.filter((sign) => marks.some((mark) => mark.sign === sign))
  return html`<p>${sayOnDesk('en', 'previewLead')}</p>
    <blockquote class="public-words">${marked(words, marks)}</blockquote>
    ${
      marks.length === 0
        ? html`<p>${sayOnDesk('en', 'previewClean')}</p>`
        : html`<p><strong>${sayOnDesk('en', 'previewFound', { count: marks.length })}</strong></p>
            <ul>
              ${named.map((sign) => html`<li>${sayOnDesk('en', `sign_${sign}`)}</li>`)}
            </ul>`
    }
    <form class="write" method="post" action="/desk/cases/${line.id}/descriptions${query}">
      <input type="hidden" name="version" value="${line.version}" />
      <input type="hidden" name="words" value="${words}" />
      <input type="hidden" name="seen" value="${seen}" />
      <div class="row">
        ${marks.length > 0 && html`<label><input type="checkbox" name="checked" value="yes" /> ${sayOnDesk('en', 'checked')}</label>`}
        <button class="button" type="submit">${sayOnDesk('en', 'publish')}</button>
      </div>
    </form>`
}

function marked(words: string, marks: readonly Mark[]): readonly (Html | string)[] {
  let at = 0
  const parts: (Html | string)[] = []
  for (const { from, until, sign } of marks) {
    parts.push(words.slice(at, from))
    parts.push(
      html`<mark>${words.slice(from, until)}<span class="unseen"> (${sayOnDesk('en', `sign_${sign}`)})</span></mark>`,
    )
    at = until
  }
  parts.push(words.slice(at))
  return parts
}
