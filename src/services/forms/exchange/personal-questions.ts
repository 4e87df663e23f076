import type { FormDefinition } from '../define.ts'
import type { Field } from '../define-field.ts'
import type { Privacy } from '../define-privacy.ts'

export type PersonalQuestion = Readonly<{
  /** `email`, or `applicant.email` of a person or a table. */
  path: string
  label: Field['label']
  kind: Field['kind']
  privacy: Privacy
}>

/** Every question about a person; where a question has parts, its parts. */
export function personalQuestions({ fields }: Pick<FormDefinition, 'fields'>): readonly PersonalQuestion[] {
  return fields.flatMap((field) => {
    const { name, kind, label, privacy, parts } = field
    if (!parts) return privacy ? [{ path: name, label, kind, privacy }] : []
    return parts.flatMap((part) =>
      part.privacy ? [{ path: `${name}.${part.name}`, label: part.label, kind: part.kind, privacy: part.privacy }] : [],
    )
  })
}
