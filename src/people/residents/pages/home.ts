import { dateWords, empty, notice, page, waysList } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { GuardianKind } from '../actor.ts'
import type { ResidentsHouse } from '../house.ts'
import { say } from '../messages.ts'
import type { ChildAtHome, Household } from '../open-page.ts'

export type HomeView = Readonly<{
  household: Household
  /** What other rooms show: first, under each child by her place in the list, and last. */
  top: readonly Html[]
  ofChild: readonly (readonly Html[])[]
  sections: readonly Html[]
  done?: 'saved' | 'email' | 'joined' | 'declined' | 'ended'
}>

/** A resident's own page: what waits for her, her children, and the ways to everything else on it. */
export function homePage({ city }: Pick<ResidentsHouse, 'city'>, language: Language, view: HomeView): Html {
  const { household, top, ofChild, sections, done } = view
  const { contact, children, was } = household
  const title = say(language, 'homeTitle')
  const body = html`<div class="wrap page own">
    <h1>${contact.name === '' ? title : say(language, 'hello', { name: contact.name })}</h1>
    ${done && html`<div role="status">${notice('done', html`<p>${say(language, `done-${done}`)}</p>`)}</div>`}
    ${contact.name === '' && nameMissing(language)} ${top}
    <section aria-labelledby="children">
      <h2 id="children">${say(language, 'children')}</h2>
      ${
        children.length === 0
          ? empty(say(language, 'noChildren'), html`<p>${say(language, 'noChildrenSays')}</p>`, 3)
          : children.map((child, at) => childSection(language, child, ofChild[at] ?? []))
      }
    </section>
    ${was.map(({ cameOfAgeAt }) => {
      const date = dateWords(language, cameOfAgeAt.toZonedDateTimeISO(city.timeZone).toPlainDate())
      return html`<section>
        <h2>${say(language, 'wasChild')}</h2>
        <p>${say(language, 'wasChildSays', { date })}</p>
      </section>`
    })}
    ${sections}
    <section aria-labelledby="account">
      <h2 id="account">${say(language, 'account')}</h2>
      ${ways(language, household)}
      <form method="post" action="${inLanguage(language, '/me/sign-outs')}">
        <button class="usa-button usa-button--outline" type="submit">${say(language, 'signOut')}</button>
      </form>
    </section>
  </div>`
  return page({ city, language, path: '/me', title, body, personal: true, signedIn: true })
}

function nameMissing(language: Language): Html {
  const at = inLanguage(language, '/me/contact')
  return notice('note', html`<p>${say(language, 'nameMissing')} <a href="${at}">${say(language, 'giveName')}</a></p>`)
}

function ways(language: Language, { contact }: Household): Html {
  const to = (path: string) => inLanguage(language, path)
  return waysList([
    { href: to('/me/contact'), title: say(language, 'contactTitle'), says: contact.email },
    { href: to('/me/sign-ins'), title: say(language, 'signInsTitle'), says: say(language, 'signInsSays') },
    { href: to('/me/record'), title: say(language, 'recordTitle'), says: say(language, 'recordSays') },
    { href: to('/me/copy'), title: say(language, 'download'), says: say(language, 'downloadSays') },
    { href: to('/me/leaving'), title: say(language, 'leave'), says: say(language, 'leaveSays') },
  ])
}

function childSection(language: Language, child: ChildAtHome, panels: readonly Html[]): Html {
  const { id, about, kind, state } = child
  return html`<article class="child" aria-labelledby="child-${id}">
    <h3 id="child-${id}">
      <a href="${inLanguage(language, `/me/children/${id}`)}">${about.firstName}</a>
    </h3>
    <p class="soft">${standing(language, about.firstName, kind, state)}</p>
    ${panels}
  </article>`
}

/** Who says or has shown that she stands for the child, in words. */
export function standing(language: Language, child: string, kind: GuardianKind, state: 'claimed' | 'shown'): string {
  return say(language, state, { child, kind: say(language, `kind-${kind}`) })
}
