import { html, inLanguage, type Html, type Language, type Piece } from '../../plumbing/index.ts'
import { icon } from './icons.ts'
import { say } from './messages.ts'

/** A way in: the whole row can be followed. */
export interface Way {
  readonly href: string
  readonly title: string
  readonly says?: Piece
}

/** Rows of ways in, under a heading of the level above `level`. */
export function waysList(ways: readonly Way[], level: 2 | 3 = 3): Html {
  const heading = (inside: Html) => (level === 2 ? html`<h2>${inside}</h2>` : html`<h3>${inside}</h3>`)
  return html`<ul class="ways">
    ${ways.map(
      (way) =>
        html`<li>
          ${heading(html`<a class="way" href="${way.href}">${way.title}</a>`)}${
            way.says && html`<p>${way.says}</p>`
          }${icon('arrow')}
        </li> `,
    )}
  </ul>`
}

/** Something to know before reading on. `done` tells that it went well, `wrong` that it did not. */
export function notice(kind: 'note' | 'done' | 'wrong', inside: Html): Html {
  return html`<div class="notice ${kind}">
    ${icon(kind)}
    <div>${inside}</div>
  </div>`
}

/** Terms and what they are, in two columns. */
export function factsList(facts: readonly (readonly [term: Piece, fact: Piece] | false | undefined)[]): Html {
  const rows = facts.filter((fact) => fact !== false && fact !== undefined)
  return html`<dl class="facts">
    ${rows.map(
      ([term, fact]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${fact}</dd>
        </div> `,
    )}
  </dl>`
}

export interface Step {
  readonly state: 'done' | 'now' | 'later'
  readonly title: Piece
  readonly says?: Piece
}

/** Where something stands on its way; the state is said in words too. */
export function stepsList(language: Language, steps: readonly Step[]): Html {
  return html`<ol class="steps">
    ${steps.map(
      ({ state, title, says }) =>
        html`<li class="${state}" ${state === 'now' && html` aria-current="step"`}>
          ${
            state !== 'later' &&
            html`<span class="unseen">${say(language, state === 'done' ? 'stepDone' : 'stepNow')} </span>`
          }<strong>${title}</strong>${says && html`<p>${says}</p>`}
        </li> `,
    )}
  </ol>`
}

/** What stands where a list would stand that has nothing in it: what that means and what to do. */
export function empty(title: string, inside: Piece, level: 2 | 3 = 2): Html {
  return html`<div class="empty">${level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}${inside}</div>`
}

/** The pages of a long list; none where one page holds it all. `address` gives the address of a page, counted from 1. */
export function pagination(language: Language, at: number, last: number, address: (page: number) => string): Html {
  if (last <= 1) return html``
  const shown = Array.from({ length: last }, (_, index) => index + 1).filter(
    (number) => number === 1 || number === last || Math.abs(number - at) <= 1,
  )
  const step = (to: number, word: 'previous' | 'next') =>
    to >= 1 &&
    to <= last &&
    html`<li><a rel="${word === 'next' ? 'next' : 'prev'}" href="${address(to)}">${say(language, word)}</a></li> `
  return html`<nav aria-label="${say(language, 'pages')}">
    <ul class="pages">
      ${step(at - 1, 'previous')}${shown.map((number, index) => [
        index > 0 && number - (shown[index - 1] ?? 0) > 1 && html`<li aria-hidden="true"><span>…</span></li>`,
        html`<li>
          <a
            href="${address(number)}"
            aria-label="${say(language, 'pageNumber', { number })}"
            ${number === at && html` aria-current="page"`}
            >${number}</a
          >
        </li> `,
      ])}${step(at + 1, 'next')}
    </ul>
  </nav>`
}

/** The search field. It asks the site itself; what was asked is not kept. */
export function searchField(language: Language, { label, value = '' }: { label?: Piece; value?: string } = {}): Html {
  return html`<form class="search" role="search" action="${inLanguage(language, '/search')}" method="get">
    <label for="q">${label ?? say(language, 'searchLabel')}</label>
    <div class="row">
      <input
        id="q"
        name="q"
        type="search"
        value="${value}"
        autocomplete="off"
        enterkeyhint="search"
        maxlength="200"
      /><button class="usa-button" type="submit">
        ${icon('search')}<span class="unseen">${say(language, 'search')}</span>
      </button>
    </div>
  </form>`
}
