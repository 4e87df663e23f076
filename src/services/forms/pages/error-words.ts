import type { Language } from '../../../plumbing/index.ts'
import type { FieldError } from '../answering/errors.ts'
import type { Field } from '../define-field.ts'
import type { FormDefinition } from '../define.ts'
import { say } from '../messages.ts'

/** What is wrong at one posted name, in words. */
export interface Wrong {
  readonly name: string
  readonly says: string
}

/** The form's own words for an error where it has some, else the catalogue's. */
export function errorWords(language: Language, form: FormDefinition, errors: readonly FieldError[]): Wrong[] {
  return errors.map(({ field: name, code, params }) => {
    const found = fieldAt(form.fields, name)
    const own = code === 'missing' ? found?.field.errors?.missing : found?.field.errors?.wrong
    const label = found?.field.label[language] ?? name
    const says =
      own?.[language] ?? say(language, `error-${code}`, { limit: 0, length: 0, street: '', ...params, label })
    return { name, says: found?.row === undefined ? says : say(language, 'inRow', { row: found.row + 1, says }) }
  })
}

/** The question or part that is posted under a name, and in which row. */
function fieldAt(fields: readonly Field[], name: string): { field: Field; row?: number } | undefined {
  const [own = '', ...inside] = name.split('.')
  const field = fields.find((one) => one.name === own)
  if (!field || inside.length === 0) return field && { field }
  const part = field.parts?.find((one) => one.name === inside.at(-1))
  if (!part) return { field }
  return inside.length === 2 ? { field: part, row: Number(inside[0]) } : { field: part }
}
