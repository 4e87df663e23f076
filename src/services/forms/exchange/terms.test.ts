import { Ajv2020 } from 'ajv/dist/2020.js'
import { join } from 'node:path'
import { Type, isMistaken, parseYaml } from '../../../plumbing/index.ts'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { isRefusal, loadCity } from '../../../city/index.ts'
import { checkedForm, loadForms, type FormDefinition } from '../define.ts'
import { formFile } from '../define-file.ts'
import { bases, categories, purposes } from '../define-privacy.ts'
import { asDpv } from './as-dpv.ts'
import { asFideslang } from './as-fideslang.ts'
import { asYaml } from './as-yaml.ts'
import { anyForm } from './testing/any-form.ts'
import { dpvTerms, fidesBases, fidesCategories, fidesDataTypes, fidesUses } from './testing/known-terms.ts'
import fc from 'fast-check'

const folder = join(import.meta.dirname, '../../../../city')
const city = loadCity(folder)
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))
const forms = loadForms(join(folder, 'forms'), city)
if (isRefusal(forms)) throw new Error(JSON.stringify(forms.mistakes, null, 2))
const url = 'https://city.example'

const everyForm = (): readonly FormDefinition[] => [
  ...forms.values(),
  ...fc.sample(anyForm(city), 25).map((file) => {
    const read = parseYaml('any-form.yaml', asYaml(file), formFile)
    const form = isMistaken(read) ? read : checkedForm(read, city)
    if (isMistaken(form)) throw new Error(JSON.stringify(form.mistakes))
    return form
  }),
]

test('every purpose, category and legal basis has a term that fideslang and DPV know', () => {
  for (const { fides, dpv } of Object.values(purposes)) {
    expect(fidesUses, fides).toContain(fides)
    expect(dpvTerms, dpv).toContain(dpv)
  }
  for (const { fides, dpv } of Object.values(categories)) {
    expect(fidesCategories, fides).toContain(fides)
    expect(dpvTerms, dpv).toContain(dpv)
  }
  for (const { fides, dpv } of Object.values(bases)) {
    expect(fidesBases, fides).toContain(fides)
    expect(dpvTerms, dpv).toContain(dpv)
  }
})

/** Every name with a prefix, and every thing that is pointed to. */
function walk(value: unknown, terms: Set<string>, refs: Set<string>): void {
  if (Array.isArray(value)) for (const one of value as unknown[]) walk(one, terms, refs)
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (!key.startsWith('@')) terms.add(key)
      if (key === '@type') for (const type of [inner].flat()) terms.add(String(type))
      else if (key === '@id' && Object.keys(value).length === 1) refs.add(String(inner))
      else if (key !== '@value' && key !== '@id') walk(inner, terms, refs)
    }
}

test('a form in DPV uses only terms of DPV, and says of each personal question purpose, basis, category, necessity and time', () => {
  for (const form of everyForm()) {
    const { '@context': context, '@graph': graph } = asDpv(form, city, url)
    const [terms, refs] = [new Set<string>(), new Set<string>()]
    walk(graph, terms, refs)
    for (const term of [...terms, ...refs]) {
      if (/^(dpv|pd):/.test(term)) expect(dpvTerms, term).toContain(term)
      else if (term.startsWith('http')) expect(graph.map((node) => node['@id'])).toContain(term)
      else if (!['en', 'es'].includes(term)) expect(context).toHaveProperty(term.split(':')[0] as string)
    }
    const asked = graph.filter((node) => node['@type'] === 'dpv:PersonalDataProcess')
    expect(new Set(asked.map((node) => node['@id'])).size).toBe(asked.length)
    for (const node of asked)
      expect(node).toMatchObject({
        'dpv:hasPurpose': { '@id': expect.stringMatching(/^dpv:/) as string },
        'dpv:hasLegalBasis': { '@id': expect.stringMatching(/^dpv:/) as string },
        'dpv:hasNecessity': { '@id': expect.stringMatching(/^dpv:(Required|Optional)$/) as string },
        'dpv:hasDataController': { '@id': 'https://city.example/#controller' },
        'dpv:hasStorageCondition': { 'dpv:hasDuration': { 'rdf:value': { '@type': 'xsd:duration' } } },
      })
  }
  const [contact] = [...forms.values()]
  expect(contact && asDpv(contact, city, url)['@graph'].length).toBeGreaterThan(3)
})

/** fideslang's documented model of a manifest, as far as we fill it in; nothing else may stand there. */
const closed = { additionalProperties: false }
const key = Type.String({ pattern: '^[a-zA-Z0-9_.<>-]+$' })
const oneOf = (values: Iterable<string>) => Type.Unsafe<string>({ type: 'string', enum: [...values] })
const datasetField = {
  $id: 'field',
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    data_categories: { type: 'array', items: oneOf(fidesCategories) },
    retention: { type: 'string' },
    fides_meta: {
      type: 'object',
      properties: { data_type: oneOf(fidesDataTypes.flatMap((type) => [type, `${type}[]`])) },
      ...closed,
    },
    fields: { type: 'array', items: { $ref: 'field' } },
  },
  ...closed,
}
const declaration = Type.Object(
  {
    name: Type.String(),
    data_categories: Type.Array(oneOf(fidesCategories), { minItems: 1 }),
    data_use: oneOf(fidesUses),
    data_subjects: Type.Array(key),
    dataset_references: Type.Array(key),
    legal_basis_for_processing: oneOf(fidesBases),
    retention_period: Type.String(),
    data_shared_with_third_parties: Type.Boolean(),
  },
  closed,
)
const manifest = Type.Object(
  {
    data_subject: Type.Array(Type.Object({ fides_key: key, name: Type.String(), description: Type.String() }, closed)),
    system: Type.Array(
      Type.Object(
        {
          fides_key: key,
          name: Type.String(),
          description: Type.String(),
          meta: Type.Object({}),
          system_type: Type.String(),
          administrating_department: Type.String(),
          legal_name: Type.String(),
          responsibility: Type.Array(oneOf(['Controller', 'Processor', 'Sub-Processor'])),
          privacy_policy: Type.String({ pattern: '^https://' }),
          processes_personal_data: Type.Boolean(),
          dataset_references: Type.Array(key),
          privacy_declarations: Type.Array(declaration),
        },
        closed,
      ),
    ),
    dataset: Type.Array(
      Type.Object(
        {
          fides_key: key,
          name: Type.String(),
          description: Type.String(),
          collections: Type.Array(
            Type.Object(
              { name: Type.String(), description: Type.String(), fields: Type.Array(Type.Unsafe(datasetField)) },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
)

type Field = { name: string; data_categories?: string[]; fields?: Field[] }

test('a form in fideslang fits its documented model: names that differ, objects without a category of their own', () => {
  const fits = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(manifest)
  for (const form of everyForm()) {
    const written = parse(asFideslang(form, city, url)) as {
      system: { dataset_references: string[]; privacy_declarations: { name: string }[] }[]
      dataset: { fides_key: string; collections: { fields: Field[] }[] }[]
    }
    expect(fits(written), JSON.stringify(fits.errors?.[0])).toBe(true)
    const [system, dataset] = [written.system[0], written.dataset[0]]
    expect(system?.dataset_references).toEqual([dataset?.fides_key])
    const differ = (all: { name: string }[] = []) => {
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    }
    differ(system?.privacy_declarations)
    const look = (fields: Field[] = []) => {
      differ(fields)
      for (const { fields: inner, data_categories } of fields) {
        if (inner) expect(data_categories).toBeUndefined()
        look(inner)
      }
    }
    look(dataset?.collections[0]?.fields)
    expect(dataset?.collections[0]?.fields).toHaveLength(form.fields.length)
  }
})
