import type { City } from '../../../city/index.ts'
import type { FormDefinition } from '../define.ts'
import { asDpv } from './as-dpv.ts'
import { asFideslang } from './as-fideslang.ts'
import { asJsonSchema } from './as-json-schema.ts'
import { asYaml } from './as-yaml.ts'

export const formFormats = ['json-schema', 'dpv', 'fideslang', 'yaml'] as const
export type FormFormat = (typeof formFormats)[number]

/** One form in a format that others read, as the text of a file. */
export function exportForm(form: FormDefinition, as: FormFormat, city: City, publicUrl: string): string {
  switch (as) {
    case 'json-schema':
      return json(asJsonSchema(form, publicUrl))
    case 'dpv':
      return json(asDpv(form, city, publicUrl))
    case 'fideslang':
      return asFideslang(form, city, publicUrl)
    case 'yaml':
      return asYaml(form.source)
    default:
      return as satisfies never
  }
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
