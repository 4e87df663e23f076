import type { FormDefinition } from '../define.ts'
import type { FormFile } from '../define-file.ts'
import { metaSchemaAt } from './vocabulary.ts'

export type ExportedSchema = Readonly<Record<string, unknown>> & Readonly<{ form: Omit<FormFile, 'schema'> }>

/**
 * A form as JSON Schema 2020-12 with our vocabulary declared: what may be answered, why each answer is asked for, and
 * under `form` what a schema cannot say (questions in both languages, pages, fees). A validator that does not know the
 * vocabulary checks answers all the same.
 */
export function asJsonSchema(form: FormDefinition, publicUrl: string): ExportedSchema {
  const { schema, ...rest } = form.source
  const { $schema: _, properties, ...checks } = form.schema
  const titled = Object.entries(properties as Record<string, object>).map(([name, property]) => [
    name,
    { title: form.source.fields[name]?.label.en ?? name, ...property },
  ])
  return {
    $schema: metaSchemaAt(publicUrl),
    $id: `${publicUrl}/forms/${form.id}/schema.json`,
    title: form.title.en,
    description: form.intro.en,
    ...checks,
    properties: Object.fromEntries(titled) as Record<string, unknown>,
    ...(schema.dependentRequired && { dependentRequired: schema.dependentRequired }),
    form: rest,
  }
}
