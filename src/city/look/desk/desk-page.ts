import { attributes, html, raw, type Html } from '../../../plumbing/index.ts'
import type { City, Power } from '../../city.ts'
import type { DutyId } from '../../ids.ts'
import { mayDo } from '../../may-do.ts'
import { icon } from '../icons.ts'
import { lookOf } from '../stylesheet.ts'
import { deskStyle, keysModule, type DeskModule } from './desk-look.ts'
import { keysDialog, keysLine } from './desk-keys.ts'
import { say } from './desk-messages.ts'

export type DeskPlace =
  | 'inbox'
  | 'news'
  | 'ageing'
  | 'intake'
  | 'payments'
  | 'bookings'
  | 'activities'
  | 'search'
  | 'mail'
  | 'outbox'
  | 'templates'
  | 'surveys'
  | 'forms'
  | 'break-glass'
  | 'reviews'
  | 'consents'
  | 'custody'
  | 'people-mail'
  | 'people'
  | 'account'

export interface DeskPageParts {
  readonly city: City
  /** Never a person’s name: titles stand in histories and on shared screens. */
  readonly title: string
  readonly wrong?: boolean
  readonly staff: {
    readonly name: string
    readonly duties?: readonly DutyId[]
    readonly reviews?: { readonly waiting: number; readonly overdue: number }
  }
  readonly here: DeskPlace
  /** Shelves and queues, in the rail. */
  readonly queues?: Html
  /** The middle pane. Without it the main pane takes its room. */
  readonly list?: { readonly label: string; readonly inside: Html }
  readonly main: Html
  /** Which pane is the main one; a phone, which has room for one, shows it alone. */
  readonly front?: 'list' | 'main'
  /** What the right pane is called while the list is the main one. */
  readonly mainLabel?: string
  readonly modules?: readonly DeskModule[]
}

const language = 'en'

/** The frame around every page of the desk: bar, rail with queues, list, and the pane in which the work is done. */
export function deskPage(parts: DeskPageParts): Html {
  const { city, staff, here, queues, list, front = 'main' } = parts
  const layout = `panes front-${front}${list ? '' : ' no-list'}`
  return deskDocument(
    parts,
    html`<a class="skip" href="#main">${say(language, 'skip')}</a>
      <header class="bar">
        <a class="wordmark" href="/desk" aria-label="${city.name.en}, ${say(language, 'desk')}">${wordmark(city)}</a>
        ${searchForm()}
        <div class="who">
          <a href="/desk/account" ${here === 'account' && raw('aria-current="page"')}>${staff.name}</a>
          <form method="post" action="/desk/sign-outs">
            <button class="quiet" type="submit">${say(language, 'signOut')}</button>
          </form>
        </div>
      </header>
      <div class="${layout}">
        <nav class="rail" aria-label="${say(language, 'navigation')}">
          ${
            queues ??
            html`<ul class="shelves">
              ${place('/desk', 'inbox', here)}${place('/desk/ageing', 'ageing', here)}
            </ul>`
          }
          <ul class="places">
            ${may(parts, 'record') && place('/desk/intake', 'intake', here, 'new')}${may(parts, 'book') && city.bookings.size > 0 && place('/desk/bookings', 'bookings', here)}${(may(parts, 'run-activities') || may(parts, 'lead-session')) && city.activities.sessions.size > 0 && place('/desk/activities', 'activities', here)}${may(parts, 'collect') && city.payments && place('/desk/payments', 'payments', here)}${place('/desk/search', 'search', here)}${place('/desk/mail', 'mail', here)}${place('/desk/outbox', 'outbox', here)}${place('/desk/templates', 'templates', here)}${may(parts, 'run-surveys') && place('/desk/surveys', 'surveys', here)}${(may(parts, 'build-forms') || may(parts, 'approve-forms')) && place('/desk/forms', 'forms', here)}${may(parts, 'consent') && html`${city.consent && place('/desk/consents', 'consents', here)}${place('/desk/people', 'people', here)}${place('/desk/people-mail', 'people-mail', here)}`}${may(parts, 'custody') && city.consent && place('/desk/custody', 'custody', here)}${place('/desk/news', 'news', here)}${glassPlaces(parts)}${place('/desk/account', 'account', here)}
            <li><a href="/">${say(language, 'site')}</a></li>
          </ul>
        </nav>
        ${list && paneOf('list', front === 'list', list.inside, list.label)}
        ${paneOf('pane', front === 'main', parts.main, parts.mainLabel)}
      </div>
      ${keysLine()} ${keysDialog()}`,
  )
}

/** For who may break the glass, and for who judges it: how many wait, and how many have waited too long. */
function glassPlaces(parts: DeskPageParts): Html {
  const { here, staff } = parts
  const { reviews } = staff
  const current = attributes({ 'aria-current': here === 'reviews' ? 'page' : undefined })
  const count =
    reviews &&
    reviews.waiting > 0 &&
    html`<span class="count${reviews.overdue > 0 && ' late'}"
      >${reviews.overdue > 0 ? say(language, 'reviewsOverdue', reviews) : reviews.waiting}</span
    >`
  return html`${may(parts, 'break-glass') && place('/desk/break-glass', 'break-glass', here)}${
    reviews &&
    html`<li class="across"><a href="/desk/reviews" ${current}>${say(language, 'reviews')} ${count}</a></li> `
  }`
}

function paneOf(kind: 'list' | 'pane', isMain: boolean, inside: Html, label = ''): Html {
  if (isMain) return html`<main id="main" class="${kind}" tabindex="-1">${inside}</main>`
  return html`<section class="${kind}" aria-label="${label}">${inside}</section>`
}

/** A page of the desk for somebody who is not signed in: one sheet in the middle. */
export function deskSheet(parts: Pick<DeskPageParts, 'city' | 'title' | 'wrong' | 'main' | 'modules'>): Html {
  return deskDocument(
    parts,
    html`<a class="skip" href="#main">${say(language, 'skip')}</a>
      <div class="alone">
        <header>
          <a class="wordmark" href="/" aria-label="${parts.city.name.en}">${wordmark(parts.city)}</a>
        </header>
        <main id="main" class="sheet" tabindex="-1">${parts.main}</main>
      </div>`,
  )
}

function deskDocument(parts: Pick<DeskPageParts, 'city' | 'title' | 'wrong' | 'modules'>, body: Html): Html {
  const { city, modules = [] } = parts
  const title = parts.wrong ? say(language, 'wrongTitle', { title: parts.title }) : parts.title
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${say(language, 'deskTitle', { title, city: city.name.en })}</title>
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" type="image/svg+xml" href="${lookOf(city).markHref}" />
        <link rel="stylesheet" href="${deskStyle(city).href}" />
        ${[keysModule, ...modules].map(({ href }) => html`<script type="module" src="${href}"></script>`)}
      </head>
      <body>
        ${body}
      </body>
    </html> `
}

function searchForm(): Html {
  return html`<form class="find" role="search" method="post" action="/desk/search">
    <label class="unseen" for="find">${say(language, 'searchLabel')}</label>
    ${icon('search')}
    <input
      id="find"
      name="q"
      type="search"
      autocomplete="off"
      maxlength="200"
      placeholder="${say(language, 'searchHint')}"
      data-key="/"
    /><kbd class="hint" aria-hidden="true">/</kbd>
  </form>`
}

/** A place is offered to whom a duty allows its work; the page and the database ask again. */
function may({ city, staff }: Pick<DeskPageParts, 'city' | 'staff'>, power: Power): boolean {
  return mayDo(city, staff.duties ?? [], power)
}

function place(href: string, word: DeskPlace, here: DeskPlace, key?: string): Html {
  const current = attributes({ 'aria-current': word === here ? 'page' : undefined, 'data-key': key })
  return html`<li><a href="${href}" ${current}>${say(language, word)}</a></li> `
}

function wordmark(city: City): Html {
  return city.wordmark.kind === 'svg' ? raw(city.wordmark.svg) : html`${city.wordmark.text}`
}
