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

// strictTypes and strictRequired would refuse conditions (allOf, if) that speak of a question without repeating its type.
export const validators = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true })
validators.addVocabulary(['privacy'])
for (const [name, fits] of Object.entries(formats)) validators.addFormat(name, fits)

/** Compiles the form's schema once; `broken` says why a schema cannot be one. */
export function answersReader(form: Form, city: City): Pick<FormDefinition, 'read' | 'look'> | { broken: string } {
  let validate: Validator
  try {
    validate = validators.compile<Answers>(form.schema)
    // Kept by the library it would stay for ever, and a form that is being made is compiled at every change.
    validators.removeSchema(form.schema)
  } catch (error) {
    return { broken: `This is not a schema: ${error instanceof Error ? error.message : String(error)}.` }
  }
  const settle = settledIn(form, city)
  const look = (posted: Readonly<Record<string, unknown>>): ReadForm => settle(readForm(form, validate, posted))
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
