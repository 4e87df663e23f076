import { addressesOf, html, type Html, type Language } from '../../plumbing/index.ts'
import type { City } from '../city.ts'
import { foot, head } from './frame.ts'
import { say } from './messages.ts'
import { lookOf } from './stylesheet.ts'

export interface PageParts {
  readonly city: City
  readonly language: Language
  /** Where the page stands, without language prefix; with a query only where the page depends on it (`/search?q=`). */
  readonly path: string
  /** What the page is, for the browser's tab and for people who hear it; the city's name is added. */
  readonly title: string
  readonly body: Html
  /** One sentence for search engines. */
  readonly description?: string
  /** Says first in the title that something is wrong. */
  readonly wrong?: boolean
  /** Addresses of browser modules that make the page easier; it works without. The first is run, all are fetched at once. */
  readonly modules?: readonly string[]
  /** A page for one person, such as a receipt: search engines leave it alone, and no other language is advertised. */
  readonly personal?: boolean
  /** Behind a resident's door, where the one cookie is: the foot says so. */
  readonly signedIn?: boolean
}

/** The frame around every public page: language, title, skip link, header with wordmark, main and footer. */
export function page(parts: PageParts): Html {
  const { city, language, path, body } = parts
  const look = lookOf(city)
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${fullTitle(parts)}</title>
        ${parts.description && html`<meta name="description" content="${parts.description}" />`}
        <meta name="color-scheme" content="light dark" />
        ${parts.personal ? html`<meta name="robots" content="noindex" />` : alternates(path)}
        <link rel="icon" type="image/svg+xml" href="${look.markHref}" />
        <link rel="stylesheet" href="${look.styleHref}" />
        ${modulesOf(parts.modules)}
      </head>
      <body>
        <a class="skip" href="#main">${say(language, 'skip')}</a>
        ${head(city, language, path)}
        <main id="main" tabindex="-1">${body}</main>
        ${foot(city, language, parts.signedIn)}
      </body>
    </html> `
}

function modulesOf([first, ...others]: readonly string[] = []): Html | undefined {
  if (first === undefined) return undefined
  return html`${others.map((href) => html`<link rel="modulepreload" href="${href}" /> `)}<script
      type="module"
      src="${first}"
    ></script>`
}

function fullTitle({ city, language, path, title, wrong }: PageParts): string {
  const full = path === '/' ? title : `${title} – ${city.name[language]}`
  return wrong ? say(language, 'errorTitle', { title: full }) : full
}

function alternates(path: string): Html {
  return html`${addressesOf(path).map(
    ({ language, url }) => html`<link rel="alternate" hreflang="${language}" href="${url}" /> `,
  )}`
}
