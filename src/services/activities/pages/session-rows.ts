import type { City, Session } from '../../../city/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { Stage } from '../standing.ts'
import { hoursWords, spanWords } from '../when.ts'
import { stageWords } from './words.ts'

export type SessionsView = Readonly<{ city: City; stage: (session: Session) => Stage }>

/** Whether there is something to do about it now: that is what stands out. */
export const isOpen = ({ stage }: Stage): boolean => stage === 'open' || stage === 'full' || stage === 'lottery'

/** The sessions of a programme, each one row that can be followed: when, where, and how it stands. */
export function sessionRows(language: Language, { city, stage }: SessionsView, sessions: readonly Session[]): Html {
  return html`<ul class="sessions">
    ${sessions.map((session) => {
      const its = stage(session)
      const { seasons, venues } = city.activities
      return html`<li>
        <p class="when">
          <a class="way" href="${inLanguage(language, `/activities/${session.programme}/${session.id}`)}"
            >${spanWords(language, session)}</a
          >
          <span>${hoursWords(language, session)}</span>
        </p>
        <p class="where">${venues.get(session.venue)?.name[language]}<br />${seasons.get(session.season)?.name[language]}</p>
        <p class="stands ${isOpen(its) ? 'now' : 'later'}">${stageWords(city, language, session, its)}</p>
      </li> `
    })}
  </ul>`
}
