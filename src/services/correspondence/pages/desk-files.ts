import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { filesControl, keptName, limitsWords, type FileQuestion } from '../../attachments/index.ts'
import { say } from '../messages.ts'
import type { Draft } from './desk-case.ts'

/** What a clerk may send along with an answer or a note. */
export const deskFiles = (kind: Draft['kind']): FileQuestion => ({ field: `${kind}-files`, most: 10 })

/** Below the words: files to attach, folded away until they are wanted. */
export function filesBox(kind: Draft['kind'], draft: Draft | undefined): Html {
  const own = draft?.kind === kind ? draft.files : undefined
  const question = deskFiles(kind)
  const { field, most } = question
  const { accept, kept, keptName: name, keptWords } = filesControl('en', question, own?.kept)
  const wrong = own?.wrong.join(' ') ?? ''
  const described = wrong === '' ? `${field}-hint` : `${field}-error ${field}-hint`
  return html`<details class="attach" ${attributes({ open: wrong !== '' || kept.length > 0 })}>
    <summary>${say('en', 'attach')}</summary>
    <label for="${field}">${say('en', kind === 'reply' ? 'attachReply' : 'attachNote')}</label>
    <p class="hint" id="${field}-hint">${limitsWords('en', most)}</p>
    ${wrong !== '' && html`<p class="error" id="${field}-error" role="alert">${wrong}</p>`}
    ${
      kept.length > 0 &&
      html`<fieldset class="kept">
        <legend>${keptWords}</legend>
        ${kept.map(
          ({ value, label }) =>
            html`<label><input ${attributes({ type: 'checkbox', name, value, checked: true })} /> ${label}</label>`,
        )}
      </fieldset>`
    }
    <input
      class="usa-file"
      ${attributes({
        id: field,
        name: field,
        type: 'file',
        accept,
        multiple: true,
        'aria-describedby': described,
        'aria-invalid': wrong === '' ? undefined : 'true',
      })}
    />
  </details>`
}

/** Files that come along through the opening of a letter that had closed meanwhile, under the message they belong to. */
export function keptAlong({ kind, files }: Draft, messageId: string): Html {
  const name = keptName(deskFiles(kind).field)
  return html`<input type="hidden" name="message" value="${messageId}" />${(files?.kept ?? []).map(
    ({ value }) => html`<input ${attributes({ type: 'hidden', name, value })} />`,
  )}`
}
