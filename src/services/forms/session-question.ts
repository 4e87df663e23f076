import type { SessionId } from '../../city/index.ts'
import type { Html, Language } from '../../plumbing/index.ts'
import { sessionControl, stageOf, standings } from '../activities/index.ts'
import type { House } from '../correspondence/index.ts'
import type { FieldError } from './answering/errors.ts'
import type { Posted } from './answering/read-field.ts'
import type { FormDefinition } from './define.ts'
import { errorWords } from './pages/error-words.ts'
import { sessionIn } from './signing-up.ts'

/**
 * The question in which a session is chosen, with how each stands at this moment; undefined where the form signs nobody up.
 * `typed` are posted values or those of an address (`?session=pottery-winter`).
 */
export async function sessionQuestion(
  { city, db, clock }: Pick<House, 'city' | 'db' | 'clock'>,
  form: FormDefinition,
  language: Language,
  typed: Posted,
  errors: readonly FieldError[] = [],
): Promise<Html | undefined> {
  const field = sessionIn(form)
  if (!field) return undefined
  const { sessions, programmes } = city.activities
  const offered = [...sessions.values()].filter(({ programme }) => programmes.get(programme)?.form === form.id)
  const error = errorWords(language, form, errors).find(({ name }) => name === field.name)?.says
  const written = typed[field.name]
  const chosen = typeof written === 'string' ? sessions.get(written as SessionId) : undefined
  const agreed = typed[`${field.name}-agreed`]
  const standing = await standings(db)
  return sessionControl(language, {
    city,
    name: field.name,
    label: field.label[language],
    ...(field.help && { hint: field.help[language] }),
    ...(error !== undefined && { error }),
    offered,
    ...(chosen && offered.includes(chosen) && { chosen }),
    ...(typeof agreed === 'string' && { agreed }),
    done: typed[`${field.name}-done`] !== undefined,
    stage: (session) => stageOf(session, standing.get(session.id), clock.now()),
  })
}
