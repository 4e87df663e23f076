import type { City } from '../../../city/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../household/messages.ts'
import { freshFirst, ownPage, press } from './own.ts'

/** What ending her page means, before it is done. `alone`: children for whom nobody else stands. */
export function leavingPage(
  city: City,
  language: Language,
  { fresh, alone, refused }: Readonly<{ fresh: boolean; alone: number; refused?: string }>,
): Html {
  const known = (['consents', 'enrolments'] as const).find((one) => one === refused)
  const body = html`<ul>
      <li>${say(language, 'leavingWhat')}</li>
      ${alone > 0 && html`<li>${say(language, 'leavingChildren', { count: alone })}</li>`}
      <li>${say(language, 'leavingStays')}</li>
      <li>${say(language, 'leavingLetters')}</li>
    </ul>
    ${
      fresh
        ? html`<form class="actions" method="post" action="${inLanguage(language, '/me/leaving')}">
            <button class="usa-button" type="submit">${say(language, 'leavingDo')}</button>
            <a class="usa-button usa-button--outline" href="${inLanguage(language, '/me')}">${say(language, 'leavingKeep')}</a>
          </form>`
        : freshFirst(language, '/me/leaving')
    }`
  const wrong = refused && (known ? say(language, `leavingRefused-${known}`) : say(language, 'leavingRefused'))
  return ownPage(city, language, {
    path: '/me/leaving',
    title: say(language, 'leavingTitle'),
    body,
    ...(wrong !== undefined && { wrong }),
  })
}

/** The question to a second guardian, for whoever is signed in. Who the child is stands in the mail, and not here. */
export function invitationPage(
  city: City,
  language: Language,
  { letters, email, over = false }: Readonly<{ letters: string; email: string; over?: boolean }>,
): Html {
  const path = `/me/invitations/${letters}`
  const body = html`<p class="lead">${say(language, 'invitationLead', { city: city.name[language] })}</p>
    <p>${say(language, 'invitationMeans')}</p>
    <p class="soft">${say(language, 'invitationOnly', { email })}</p>
    <form class="actions" method="post" action="${inLanguage(language, path)}">
      <button class="usa-button" type="submit" name="answer" value="yes">${say(language, 'accept')}</button>
      <button class="usa-button usa-button--outline" type="submit" name="answer" value="no">${say(language, 'decline')}</button>
    </form>`
  return ownPage(city, language, {
    path,
    title: say(language, 'invitationTitle'),
    body,
    ...(over && { wrong: say(language, 'invitationOver') }),
  })
}

export function copyPage(city: City, language: Language): Html {
  const body = html`<p class="lead">${say(language, 'downloadLead')}</p>
    <p>${say(language, 'downloadHas')}</p>
    ${press(language, '/me/copy', say(language, 'downloadDo'))}`
  return ownPage(city, language, { path: '/me/copy', title: say(language, 'downloadTitle'), body })
}
