import type { City } from '../../../city/index.ts'
import { evidenceList, type Evidence } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { RecordLine } from '../household/record.ts'
import { didWords, say } from '../household/record-messages.ts'
import type { Household } from '../open-page.ts'
import { ownPage } from './own.ts'

/** Everything that was done with what the city knows of the people on this page: hers first, then each child's. */
export function recordPage(city: City, language: Language, household: Household, lines: readonly RecordLine[]): Html {
  const people = [
    { id: null, name: say(language, 'ofYou') },
    ...[...household.children, ...household.was].map(({ id, about }) => ({ id, name: about.firstName })),
  ]
  const body = html`<p class="lead">${say(language, 'lead')}</p>
    ${people.map(({ id, name }, at) => {
      const about = lines.filter((line) => line.about === id)
      const own = about.filter(({ actorKind }) => actorKind === 'person')
      const others = about.filter(({ actorKind }) => actorKind !== 'person')
      const rows = (some: readonly RecordLine[]) =>
        evidenceList(
          language,
          city.timeZone,
          some.map((line) => evidenceOf(city, language, line)),
        )
      return html`<section aria-labelledby="of-${at}">
        <h2 id="of-${at}">${name}</h2>
        ${others.length > 0 ? rows(others) : html`<p>${say(language, 'nothing')}.</p>`}
        ${
          own.length > 0 &&
          html`<details>
            <summary>${say(language, 'own', { count: own.length })}</summary>
            ${rows(own)}
          </details>`
        }
      </section>`
    })}`
  return ownPage(city, language, { path: '/me/record', title: say(language, 'title'), body })
}

/** Duty, department and reason; never a name. */
function evidenceOf(city: City, language: Language, line: RecordLine): Evidence {
  const duty = line.duty === null ? undefined : city.duties.get(line.duty)
  const because = [
    duty?.title[language] ?? (line.actorKind === 'system' ? say(language, 'program') : undefined),
    line.department !== null && city.departments.get(line.department)?.name[language],
    duty?.reasons.find(({ id }) => id === line.reason)?.text[language],
  ]
  return {
    did: didWords(language, line.act, line.actorKind),
    at: line.at,
    because: because.filter((part) => typeof part === 'string' && part !== ''),
    entry: line.count,
    proof: line.sequenced ? { href: inLanguage(language, `/me/record/${line.id}`) } : say(language, 'soon'),
  }
}
