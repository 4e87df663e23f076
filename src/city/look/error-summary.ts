import { html, type Html, type Language } from '../../plumbing/index.ts'
import { say } from './messages.ts'
import { notice } from './parts.ts'

/**
 * What has to be put right before the form can go out: above the form, each line leading to its question. `asked` is a
 * form that only looks something up, where nothing could be sent or lost.
 */
export function errorSummary(
  language: Language,
  errors: readonly { readonly name: string; readonly says: string }[],
  kind: 'sent' | 'asked' = 'sent',
): Html {
  if (errors.length === 0) return html``
  const inside = html`<h2 id="errors-title">${say(language, 'errorsTitle', { count: errors.length })}</h2>
    ${kind === 'sent' && html`<p>${say(language, 'errorsLead')}</p>`}
    <ul>
      ${errors.map(({ name, says }) => html`<li><a href="#${name}">${says}</a></li>`)}
    </ul>`
  return html`<div id="errors" role="alert" aria-labelledby="errors-title" tabindex="-1" autofocus>
    ${notice('wrong', inside)}
  </div>`
}
