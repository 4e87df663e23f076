import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isRefusal, loadCity } from '../../../city/index.ts'
import { isMistaken, parseYaml, type Yaml } from '../../../plumbing/index.ts'
import { checkedForm, loadForms } from '../define.ts'
import { formFile, type FormFile } from '../define-file.ts'
import { asJsonSchema } from './as-json-schema.ts'
import { asYaml } from './as-yaml.ts'
import { fromJsonSchema } from './from-json-schema.ts'
import { anyForm } from './testing/any-form.ts'
import { metaSchema } from './vocabulary.ts'

const folder = join(import.meta.dirname, '../../../../city')
const city = loadCity(folder)
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))
const forms = loadForms(join(folder, 'forms'), city)
if (isRefusal(forms)) throw new Error(JSON.stringify(forms.mistakes, null, 2))
const url = 'https://city.example'

const read = (source: string): Yaml<FormFile> => {
  const file = parseYaml('any-form.yaml', source, formFile)
  if (isMistaken(file)) throw new Error(JSON.stringify(file.mistakes, null, 2))
  return file
}
const define = (source: string) => {
  const form = checkedForm(read(source), city)
  if (isMistaken(form)) throw new Error(JSON.stringify(form.mistakes, null, 2))
  return form
}
/** In another process a schema arrives as text. */
const sent = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>

test('any definition that is written as YAML and read again is the same form', () => {
  fc.assert(
    fc.property(anyForm(city), (file) => {
      const form = define(asYaml(file))
      expect(form.source).toEqual(file)
      expect(define(asYaml(form.source)).schema).toEqual(form.schema)
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

test('any definition that is exported as JSON Schema and imported is the same form', () => {
  fc.assert(
    fc.property(anyForm(city), (file) => {
      const form = define(asYaml(file))
      const back = define(JSON.stringify(fromJsonSchema(sent(asJsonSchema(form, url)))))
      expect(back.source).toEqual(file)
      expect(back.schema).toEqual(form.schema)
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

test('every form of the sample city comes back from each of its exports', () => {
  for (const form of forms.values()) {
    expect(define(asYaml(form.source)).source).toEqual(form.source)
    const back = define(JSON.stringify(fromJsonSchema(sent(asJsonSchema(form, url)))))
    expect(back.schema).toEqual(form.schema)
    expect(back.source.fields).toEqual(form.source.fields)
  }
})

test('an exported schema is valid under the meta-schema that it names, and checks answers as the form itself does', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addMetaSchema(metaSchema(url))
  for (const form of forms.values()) {
    const exported = sent(asJsonSchema(form, url))
    expect(exported.$schema).toBe(`${url}/api/privacy-vocabulary`)
    const validate = ajv.compile(exported)
    expect(validate({})).toBe((form.schema.required as string[]).length === 0)
    expect(validate({ 'never-asked': 'x' })).toBe(false)
    const broken = sent(exported)
    for (const property of Object.values(broken.properties as Record<string, Record<string, unknown>>))
      property.privacy = { purpose: 'curiosity' }
    expect(ajv.validateSchema(broken)).toBe(false)
  }
})
