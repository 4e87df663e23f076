import { html, type Html } from '../../../../plumbing/index.ts'
import type { Change } from '../changes.ts'
import { say } from '../messages.ts'

/** What a draft changes, exactly: what is new, what goes, and each key with its words before and after. */
export function changesList(changes: readonly Change[]): Html {
  if (changes.length === 0) return html`<p class="soft">${say('en', 'noChanges')}</p>`
  return html`<ul class="changes">
    ${changes.map(
      ({ what, name, is, keys }) =>
        html`<li>
          <details ${is === 'other' && html` open`}>
            <summary><b>${say('en', `change-${is}`)}</b> ${say('en', `changed-${what}`, { name })}</summary>
            ${
              keys.length > 0 &&
              html`<dl>
                ${keys.map(
                  ({ key, before, after }) =>
                    html`<div>
                      <dt><code>${key}</code></dt>
                      <dd>${before !== '' && html`<del>${before}</del> `}${after !== '' && html`<ins>${after}</ins>`}</dd>
                    </div> `,
                )}
              </dl>`
            }
          </details>
        </li> `,
    )}
  </ul>`
}
