import { html, inLanguage, raw, type Html, type Language } from '../../plumbing/index.ts'
import type { City } from '../city.ts'
import { say } from './messages.ts'
import { mailLink, phoneLink } from './reach.ts'

const ways = [
  { path: '/services', word: 'services' },
  { path: '/departments', word: 'departments' },
  { path: '/receipt', word: 'letters' },
  { path: '/search', word: 'search' },
] as const

/** The header: wordmark, the main ways in, and the same page in the other language. */
export function head(city: City, language: Language, path: string): Html {
  const other: Language = language === 'en' ? 'es' : 'en'
  const here = path.split('?', 1)[0] as string
  return html`<header class="head">
    <div class="wrap">
      <a
        class="wordmark"
        href="${inLanguage(language, '/')}"
        aria-label="${say(language, 'home', { city: city.name[language] })}"
        >${wordmark(city)}</a
      >
      <nav aria-label="${say(language, 'mainNavigation')}">
        <ul>
          ${ways.map(({ path: to, word }) => html`<li><a href="${inLanguage(language, to)}" ${isHere(here, to)}>${say(language, word)}</a></li> `)}
        </ul>
      </nav>
      <a class="tongue" href="${inLanguage(other, path)}" lang="${other}" hreflang="${other}"
        >${say(language, 'otherLanguage')}</a
      >
    </div>
  </header>`
}

/** The footer: how to reach City Hall without this site, the policy, and what the site does not do. */
export function foot(city: City, language: Language, signedIn = false): Html {
  const { contact } = city
  const to = (path: string, word: 'services' | 'departments' | 'letters' | 'ownPage' | 'privacyPolicy') =>
    html`<li><a href="${inLanguage(language, path)}">${say(language, word)}</a></li>`
  return html`<footer class="foot">
    <div class="wrap">
      <div>
        <h2>${say(language, 'cityHall')}</h2>
        <address>
          <p>${contact.address}</p>
          <p>${say(language, 'hours', { hours: contact.hours[language] })}</p>
          ${phoneLink(contact.phone)}<br />
          ${mailLink(contact.email)}
        </address>
      </div>
      <nav aria-label="${say(language, 'onThisSite')}">
        <h2>${say(language, 'onThisSite')}</h2>
        <ul class="plain">
          ${to('/services', 'services')} ${to('/departments', 'departments')} ${to('/receipt', 'letters')} ${to('/me', 'ownPage')}
          ${to('/privacy', 'privacyPolicy')}
        </ul>
      </nav>
      <div>
        <h2>${say(language, 'privacy')}</h2>
        <p>${say(language, signedIn ? 'footSignedIn' : 'footPromise')}</p>
      </div>
      <p class="made">${say(language, 'madeWith')} · <a href="/desk">${say(language, 'staff')}</a></p>
    </div>
  </footer>`
}

function wordmark(city: City): Html {
  return city.wordmark.kind === 'svg' ? raw(city.wordmark.svg) : html`${city.wordmark.text}`
}

function isHere(path: string, to: string): Html | false {
  if (path === to) return html` aria-current="page"`
  return path.startsWith(`${to}/`) && html` aria-current="true"`
}
