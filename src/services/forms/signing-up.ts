import type { City, PriceGroupId } from '../../city/index.ts'
import { readJoining, type EnrolRefusal, type Joining, type NotJoining } from '../activities/index.ts'
import type { Answers } from './answering/answer.ts'
import type { ErrorCode } from './answering/errors.ts'
import type { Field } from './define-field.ts'
import type { FormDefinition } from './define.ts'

/** The question of a form on which somebody signs up for a session, where it has one. */
export const sessionIn = (form: FormDefinition): Field | undefined => form.fields.find(({ kind }) => kind === 'session')

/** What somebody signs up for, from her answer; undefined where she was not asked. */
export function joiningOf(city: City, form: FormDefinition, answers: Answers): Joining | NotJoining | undefined {
  const field = sessionIn(form)
  const answer = field && answers[field.name]
  if (!field || typeof answer !== 'string') return undefined
  const group = answers[field['price-group'] ?? '']
  const joining = readJoining(city, answer, typeof group === 'string' ? (group as PriceGroupId) : undefined)
  // A session of another form's asks something else.
  return 'refused' in joining || joining.programme.form === form.id ? joining : { refused: 'unreadable' }
}

/** The same, where it can be read: for pages that show what was answered so far. */
export function joiningIn(city: City, form: FormDefinition, answers: Answers): Joining | undefined {
  const joining = joiningOf(city, form, answers)
  return joining === undefined || 'refused' in joining ? undefined : joining
}

/** Why an answer signs nobody up, beside its question. */
export const notJoiningCodes: Readonly<Record<NotJoining['refused'], ErrorCode>> = {
  unreadable: 'not-a-session',
  'not-agreed': 'session-not-agreed',
  'not-done': 'session-not-done',
}

export const joiningCodes: Readonly<Record<EnrolRefusal, ErrorCode>> = {
  'too-early': 'session-too-early',
  closed: 'session-closed',
  'called-off': 'session-called-off',
  waiver: 'session-not-agreed',
  'too-many': 'session-too-many',
  'not-there': 'not-a-session',
}
