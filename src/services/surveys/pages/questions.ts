import type { City } from '../../../city/index.ts'
import { field, type Field as Asked } from '../../../city/look/index.ts'
import type { Html, Language } from '../../../plumbing/index.ts'
import type { Field, FieldError, FormDefinition } from '../../forms/index.ts'
import { say } from '../messages.ts'

export type Wrong = Readonly<{ name: string; says: string }>

/** The form's own words for an error where it has some, else ours. */
export function wrongIn(language: Language, form: FormDefinition, errors: readonly FieldError[]): Wrong[] {
  return errors.map(({ field: name, code, params }) => {
    const question = form.fields.find((one) => one.name === name)
    const own = code === 'missing' ? question?.errors?.missing : question?.errors?.wrong
    const known = ['missing', 'too-long', 'not-a-choice', 'too-many', 'too-few'] as const
    const word = known.find((one) => one === code) ?? 'wrong'
    const label = question?.label[language] ?? name
    return {
      name,
      says: own?.[language] ?? say(language, `error-${word}`, { limit: 0, length: 0, ...params, label }),
    }
  })
}

/** The questions of a survey, each with why it is asked and what was typed. */
export function questions(
  city: City,
  language: Language,
  form: FormDefinition,
  { values = {}, wrong }: { values?: Readonly<Record<string, unknown>>; wrong: readonly Wrong[] },
): readonly Html[] {
  return form.fields.map((question) => {
    const error = wrong.find(({ name }) => name === question.name)?.says
    const hint = [question.help?.[language], question.hint?.[language]].filter((one) => one !== undefined).join(' ')
    const retention = question.privacy && city.retention.get(question.privacy.retention)
    return field(language, {
      name: question.name,
      label: question.label[language],
      control: control(language, question),
      needed: question.required,
      ...(hint !== '' && { hint }),
      ...(error !== undefined && { error }),
      value: typed(values[question.name]),
      ...(question.privacy &&
        retention && { why: { necessity: question.privacy.necessity[language], kept: retention.text[language] } }),
    })
  })
}

function typed(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  return typeof value === 'string' ? value : ''
}

function control(language: Language, question: Field): Asked['control'] {
  const offered = (question.choices ?? []).map(({ value, label }) => ({ value, label: label[language] }))
  const empty = question.empty?.[language]
  switch (question.kind) {
    case 'long-text':
      return { kind: 'lines', rows: question.rows ?? 4 }
    case 'yes-no':
      return {
        kind: 'radios',
        choices: (['yes', 'no'] as const).map((value) => ({ value, label: say(language, value) })),
      }
    case 'several':
      return { kind: 'checkboxes', choices: offered }
    case 'choice':
    case 'place-choice':
      if (offered.length > 7) return { kind: 'select', choices: offered, empty: empty ?? say(language, 'chooseOne') }
      return { kind: 'radios', choices: empty === undefined ? offered : [...offered, { value: '', label: empty }] }
    default:
      return { kind: 'text' }
  }
}
