import type { City } from '../../../city/index.ts'
import { dateWords, notice as noticeBox, waysList, weekdayWords } from '../../../city/look/index.ts'
import { html, inLanguage, type Language } from '../../../plumbing/index.ts'
import type { HomePanel } from '../../residents/index.ts'
import { say } from './messages.ts'
import { consentsOfHers, liveStates, noticesOf, passedFromHers, requestsOfHers } from './read.ts'

/** On a resident's page: what waits for her, and under each child the way to her consents. */
export function consentPanel({ timeZone, contact }: Pick<City, 'timeZone' | 'contact'>): HomePanel {
  return {
    atTop: async (tx, { language, household }) => {
      const requests = await requestsOfHers(tx)
      const notices = await noticesOf(tx, requests)
      const passed = (await consentsOfHers(tx)).filter(({ state }) => state === 'passed')
      const [first] = passed
      const waiting = requests
        .filter(({ state, wants }) => state === 'asked' || wants !== null)
        .map((request) => {
          const title = notices.get(request.newest)?.notice.title[language] ?? request.thing
          const date = weekdayWords(language, request.endsOn)
          const href = inLanguage(language, `/me/consents/requests/${request.id}`)
          if (request.state === 'answered')
            return {
              href,
              title: say(language, 'waitingShow', { title }),
              says: say(language, 'waitingShowSays', { date }),
            }
          if (request.askedBy === 'guardian') return { href, title: say(language, 'waitingSelf', { title }) }
          return {
            href,
            title: say(language, 'waitingAsked', { title }),
            says: say(language, 'waitingAskedSays', { date }),
          }
        })
      if (first && household.was.some(({ id }) => id === first.child))
        waiting.unshift({
          href: inLanguage(language, `/me/consents/${first.child}`),
          title: say(language, 'waitingPassed'),
          says: say(language, 'waitingPassedSays', { date: dateWords(language, first.until) }),
        })
      const away = (await passedFromHers(tx)).map(({ since, until }) => {
        const values = {
          since: dateWords(language, since.toZonedDateTimeISO(timeZone).toPlainDate()),
          until: dateWords(language, until),
          address: contact.address,
        }
        return noticeBox(
          'note',
          html`<h2>${say(language, 'passedTitle')}</h2><p>${say(language, 'passedSays', values)}</p>`,
        )
      })
      if (waiting.length === 0) return away.length === 0 ? undefined : html`${away}`
      return html`${noticeBox('note', html`<h2>${say(language, 'waitingTitle')}</h2>${waysList(waiting)}`)}${away}`
    },
    atHome: (_tx, { language }) => Promise.resolve(wayToClaim(language)),
    ofChild: async (tx, { language, child }) => {
      const consents = (await consentsOfHers(tx)).filter((one) => one.child === child.id)
      const live = consents.filter(({ state }) => liveStates.includes(state)).length
      const things = new Set(consents.map(({ thing }) => thing)).size
      if (consents.length === 0) return html`<p>${say(language, 'ofChildNone')}</p>`
      return html`<p>${say(language, 'ofChild', { live, things })}</p>
        <p>
          <a class="onward" href="${inLanguage(language, `/me/consents/${child.id}`)}"
            >${say(language, 'ofChildLink', { child: child.about.firstName })}</a
          >
        </p>`
    },
    held: async (tx) => ({
      consents: (await consentsOfHers(tx)).map((one) => ({
        child: one.child,
        for: one.thing,
        purpose: one.purpose,
        state: one.state,
        given: one.givenAt.toString(),
        until: one.until.toString(),
        answersHeld: one.held,
      })),
    }),
  }
}

/** For a parent who was asked by a letter on paper. */
const wayToClaim = (language: Language) =>
  waysList([
    {
      href: inLanguage(language, '/me/consents/code'),
      title: say(language, 'claimTitle'),
      says: say(language, 'claimSays'),
    },
  ])
