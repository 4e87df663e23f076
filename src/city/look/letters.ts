import type { Temporal } from 'temporal-polyfill'
import { html, join, raw, type Html, type Language, type Piece } from '../../plumbing/index.ts'
import { moment } from './dates.ts'

/** One letter in a conversation. Plain words become markup through `paragraphs`. */
export interface Letter {
  readonly from: 'resident' | 'city'
  readonly title: Piece
  readonly at: Temporal.Instant
  readonly body: Html
}

/** A conversation, oldest first; the city's letters stand a little apart. */
export function lettersList(language: Language, timeZone: string, letters: readonly Letter[]): Html {
  return html`<ol class="letters">
    ${letters.map(
      ({ from, title, at, body }) =>
        html`<li class="${from}">
          <header>
            <h3>${title}</h3>
            ${moment(language, at, timeZone)}
          </header>
          ${body}
        </li> `,
    )}
  </ol>`
}

/** Plain text as a person laid it out: a blank line parts paragraphs, a line end stays a line end. */
export function paragraphs(text: string): Html {
  const parts = text.trim().split(/\n\s*\n/)
  return html`${parts.map((part) => html`<p>${join(part.split('\n'), raw('<br>'))}</p>`)}`
}
