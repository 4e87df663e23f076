import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { CaseOnDesk, Envelope } from '../case-on-desk.ts'
import { longestWords } from '../letter.ts'
import { say } from '../messages.ts'
import { beginning, draftButtons } from '../drafts/page.ts'
import { filesBox } from './desk-files.ts'
import { templateChoice } from '../templates/choose.ts'
import type { Draft } from './desk-case.ts'
import type { Day } from './desk-words.ts'

type Opened = Extract<Envelope, { state: 'open' }>
export type Writing = Readonly<{ day: Day; query: string; messageId: string; draft?: Draft; wrong?: string }>

/** The box for the answer. The version that the clerk sees goes along: what changed since is not written over. */
export function answerBox(
  { line, powers, drafts, templates }: CaseOnDesk,
  envelope: Opened,
  writing: Writing,
): Html | undefined {
  if (!powers.includes('answer')) return undefined
  const { day, query, messageId, draft, wrong } = writing
  const kept = drafts.find(({ kind }) => kind === 'reply')
  const own = draft?.kind === 'reply' ? draft.words : (kept?.words ?? '')
  const error = draft?.kind === 'reply' ? wrong : undefined
  return html`<section class="write">
    <form method="post" action="/desk/cases/${line.id}/replies${query}" enctype="multipart/form-data">
      <input type="hidden" name="version" value="${line.version}" />
      <input type="hidden" name="message" value="${messageId}" />
      <input type="hidden" name="kind" value="reply" />
      ${draft?.kind === 'reply' && draft.despite && html`<input type="hidden" name="despite" value="yes" />`}
      <label for="reply">${say('en', 'replyLabel')}</label>
      <p class="hint" id="reply-hint">
        ${line.language === 'es' && html`<strong>${say('en', 'replySpanish')}</strong>`}
        ${say('en', envelope.contact.email ? 'replyHintMail' : 'replyHintReceipt')}
      </p>
      ${templateChoice(day.city, line, templates, query)} ${beginning(day, line, kept)}
      ${error && html`<p class="error" id="reply-error">${error}</p>`}
      <textarea ${box('reply', 'r', error !== undefined)} rows="7" lang="${line.language}">
${own}</textarea>
      ${filesBox('reply', draft)}
      <div class="row">
        <button class="button" type="submit">${say('en', 'send')}</button>
        ${
          powers.includes('close') &&
          html`<label><input type="checkbox" name="close" value="done" /> ${say('en', 'sendAndClose')}</label>`
        }
        ${draftButtons(line.id, query, kept)}
      </div>
    </form>
  </section>`
}

export function noteBox({ line, powers, drafts }: CaseOnDesk, writing: Writing): Html | undefined {
  if (!powers.includes('note')) return undefined
  const { day, query, messageId, draft, wrong } = writing
  const kept = drafts.find(({ kind }) => kind === 'note')
  const own = draft?.kind === 'note' ? draft.words : (kept?.words ?? '')
  const error = draft?.kind === 'note' ? wrong : undefined
  return html`<section class="write aside">
    <details ${attributes({ open: draft?.kind === 'note' || kept !== undefined })}>
      <summary>${say('en', 'noteSummary')}</summary>
      <form method="post" action="/desk/cases/${line.id}/notes${query}" enctype="multipart/form-data">
        <input type="hidden" name="message" value="${messageId}" />
        <input type="hidden" name="version" value="${line.version}" />
        <input type="hidden" name="kind" value="note" />
        <label for="note">${say('en', 'noteLabel')}</label>
        <p class="hint" id="note-hint">${say('en', 'noteHint')}</p>
        ${beginning(day, line, kept)} ${error && html`<p class="error" id="note-error">${error}</p>`}
        <textarea ${box('note', 'n', error !== undefined)} rows="4">
${own}</textarea>
        ${filesBox('note', draft)}
        <div class="row"><button class="button outline" type="submit">${say('en', 'saveNote')}</button>${draftButtons(line.id, query, kept)}</div>
      </form>
    </details>
  </section>`
}

function box(name: string, key: string, wrong: boolean): Html {
  return attributes({
    id: name,
    name: 'words',
    maxlength: longestWords,
    'aria-describedby': wrong ? `${name}-error ${name}-hint` : `${name}-hint`,
    'aria-invalid': wrong ? 'true' : undefined,
    autofocus: wrong,
    'data-key': key,
    'data-draft': name,
  })
}
