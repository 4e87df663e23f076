import { Ajv2020 } from 'ajv/dist/2020.js'
import type { City, PlaceId, Refusal, TopicId } from '../../city/index.ts'
import { isRow, type Answers } from './answering/answer.ts'
import type { FieldError } from './answering/errors.ts'
import { formats } from './answering/formats.ts'
import { readForm, type ReadForm, type Validator } from './answering/read-form.ts'
import type { FormDefinition } from './define.ts'
import { placeOf, settledIn } from './define-places.ts'
import type { ContactCategory } from './define-privacy.ts'

/** What a post says, parsed: only questions of the form, only those that were asked and answered, in the order in which they are asked. */
export type ReadAnswers = Readonly<{
  answers: Answers
  topic: TopicId
  place?: PlaceId
  contact: Readonly<Partial<Record<ContactCategory, string>>>
}>

/** One error a question, in the order in which they are asked; the words are in the catalogue under the code. */
export type AnswersRefused = Refusal<'answers', { errors: readonly FieldError[] }>

type Form = Omit<FormDefinition, 'read' | 'look'>

/**
 * strictTypes and strictRequired would refuse conditions (allOf, if) that speak of a question without repeating its type.
 * The schema is one of our own making, from a form that was checked: whoever opens the first form need not wait until the
 * library has compiled the schema of schemas.
 */
const lenient = { strictRequired: false, strictTypes: false, validateSchema: false }
const validators = new Ajv2020({ strict: true, allErrors: true, ...lenient })
validators.addVocabulary(['privacy'])
for (const [name, fits] of Object.entries(formats)) validators.addFormat(name, fits)

function compiled({ schema }: Form): Validator {
  const validate = validators.compile<Answers>(schema)
  // Kept by the library it would stay for ever, and a form that is being made is compiled at every change.
  validators.removeSchema(schema)
  return validate
}

/**
 * Reads answers to a form that was checked. Its schema is compiled once, when the first of them come: a start has all the
 * forms to check, and nobody is waiting for any yet.
 */
export function answersReader(form: Form, city: City): Pick<FormDefinition, 'read' | 'look'> {
  let validate: Validator | undefined
  const settle = settledIn(form, city)
  const look = (posted: Readonly<Record<string, unknown>>): ReadForm =>
    settle(readForm(form, (validate ??= compiled(form)), posted))
  return {
    look,
    read(posted) {
      const { answers, errors } = look(posted)
      return errors.length > 0 ? { refused: 'answers', errors } : readAnswers(form, city, answers)
    },
  }
}

function readAnswers(form: Form, city: City, answers: Answers): ReadAnswers {
  const topic = form.topicFrom === undefined ? undefined : answers[form.topicFrom]
  const place = placeOf(form, city, answers)
  const contact = Object.entries(form.contact).flatMap(([category, path]) => {
    const said = answerAt(answers, path)
    return typeof said === 'string' ? [[category, said]] : []
  })
  return {
    answers,
    topic: (topic ?? form.topic) as TopicId,
    ...(place !== undefined && { place }),
    contact: Object.fromEntries(contact) as ReadAnswers['contact'],
  }
}

function answerAt(answers: Answers, path: string) {
  const [name = '', part] = path.split('.')
  const answer = answers[name]
  return part === undefined ? answer : isRow(answer) ? answer[part] : undefined
}
