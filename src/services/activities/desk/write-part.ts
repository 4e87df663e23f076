import { html, type Html } from '../../../plumbing/index.ts'
import { say } from './messages.ts'

/** `messageId` makes a message that is sent twice one; `words`: what was typed, where it was refused. */
type Writing = Readonly<{ messageId: string; words?: string }>

/** Words to everybody who has a place; twice is once. */
export function writeForm({ messageId, words = '' }: Writing, to: string): Html {
  return html`<form class="stack" method="post" action="${to}">
      <input type="hidden" name="id" value="${messageId}" />
      <div class="ask">
        <label for="words">${say('en', 'words')}</label>
        <p class="hint" id="words-hint">${say('en', 'writeNote')}</p>
        <textarea id="words" name="words" rows="6" aria-describedby="words-hint">${words}</textarea>
      </div>
      <button class="button" type="submit">${say('en', 'writeDo')}</button>
    </form>`
}
