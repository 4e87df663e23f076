import type { City, SessionId } from '../../../city/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import { spanWords } from '../when.ts'

/** What it is, and when. */
export function whatWords(city: City, language: Language, id: SessionId): string {
  const session = city.activities.sessions.get(id)
  const programme = session && city.activities.programmes.get(session.programme)
  return session && programme ? `${programme.name[language]}, ${spanWords(language, session)}` : id
}
