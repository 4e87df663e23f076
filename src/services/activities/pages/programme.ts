import type { Programme } from '../../../city/index.ts'
import { factsList, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import { sessionRows, type SessionsView } from './session-rows.ts'
import { agesWords, cancelWords, deskLinks, pricesWords } from './words.ts'

export type ProgrammeView = SessionsView & Readonly<{ programme: Programme }>

/** `/activities/{programme}`: what it is, for whom, what it costs, and each session of it. */
export function programmePage(language: Language, view: ProgrammeView): Html {
  const { city, programme } = view
  const sessions = [...city.activities.sessions.values()].filter((one) => one.programme === programme.id)
  const body = html`<div class="wrap page">
    <p><a class="onward" href="${inLanguage(language, '/activities')}">${say(language, 'toAll')}</a></p>
    <h1>${programme.name[language]}</h1>
    <p class="lead">${programme.about[language]}</p>
    ${programmeFacts(language, view)}
    <section class="block" aria-labelledby="sessions">
      <h2 id="sessions">${say(language, 'sessions')}</h2>
      ${sessionRows(language, view, sessions)}
    </section>
    <p class="soft">${say.rich(language, 'ask', deskLinks(city, language, programme))}</p>
  </div>`
  const path = `/activities/${programme.id}`
  return page({ city, language, path, title: programme.name[language], description: programme.about[language], body })
}

function programmeFacts(language: Language, { city, programme }: ProgrammeView): Html {
  return factsList([
    [say(language, 'forWhom'), agesWords(language, programme.ages)],
    programme.after.length > 0 && [say(language, 'before'), afterWords(language, { city, programme })],
    [say(language, 'price'), pricesWords(language, programme)],
    [say(language, 'cancelling'), cancelWords(language, programme)],
  ])
}

/** The programmes of which one has to be done first, each a link. */
export function afterWords(language: Language, { city, programme }: Pick<ProgrammeView, 'city' | 'programme'>): Html {
  const names = programme.after.flatMap((id) => city.activities.programmes.get(id) ?? [])
  return html`${names.map(
    ({ id, name }, at) =>
      html`${at > 0 && say(language, 'or')}<a href="${inLanguage(language, `/activities/${id}`)}">${name[language]}</a>`,
  )}`
}
