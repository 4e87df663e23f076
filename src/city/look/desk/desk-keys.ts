import { html, join, type Html } from '../../../plumbing/index.ts'
import { say } from './desk-messages.ts'

const language = 'en'
const short = [
  [['j', 'k'], 'keysMoveShort'],
  [['o'], 'keysOpenShort'],
  [['r'], 'keysReplyShort'],
  [['n'], 'keysNoteShort'],
  [['u'], 'keysBackShort'],
  [['/'], 'keysSearch'],
] as const
const all = [
  [['j', 'k'], 'keysMove'],
  [['o', 'Enter'], 'keysOpen'],
  [['r'], 'keysReply'],
  [['n'], 'keysNote'],
  [['t'], 'keysTemplate'],
  [['m'], 'keysMoveTo'],
  [['Ctrl Enter'], 'keysSend'],
  [['x'], 'keysTake'],
  [['/'], 'keysSearch'],
  [['g i'], 'keysInbox'],
  [['u'], 'keysBack'],
  [['?'], 'keysHelp'],
] as const

/** The keys at hand, along the bottom. Shown once the module that answers to them runs. */
export function keysLine(): Html {
  return html`<footer class="keys">
    <dl>
      ${short.map(
        ([keys, word]) =>
          html`<div>
            <dt>${keyCaps(keys)}</dt>
            <dd>${say(language, word)}</dd>
          </div> `,
      )}
    </dl>
    <button class="quiet" type="button" data-keys="show"><kbd>?</kbd> ${say(language, 'keysAll')}</button>
  </footer>`
}

/** All keys, and the switch that turns single keys off on this device (WCAG 2.1.4). */
export function keysDialog(): Html {
  return html`<dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">${say(language, 'keysTitle')}</h2>
    <dl>
      ${all.map(
        ([keys, word]) =>
          html`<div>
            <dt>${keyCaps(keys)}</dt>
            <dd>${say(language, word)}</dd>
          </div> `,
      )}
    </dl>
    <label class="switch"><input type="checkbox" data-keys="on" checked /> ${say(language, 'keysOn')}</label>
    <button type="button" class="button" data-keys="hide">${say(language, 'keysClose')}</button>
  </dialog>`
}

function keyCaps(keys: readonly string[]): Html {
  return join(
    keys.map((key) => html`<kbd>${key}</kbd>`),
    ' ',
  )
}
