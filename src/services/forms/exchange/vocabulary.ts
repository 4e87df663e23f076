import { Type } from '../../../plumbing/index.ts'
import { conditionDefs, formFile } from '../define-file.ts'
import { bases, categories, purposes, sensitiveCategories, sensitivities, usualBasis } from '../define-privacy.ts'

export const metaSchemaAt = (publicUrl: string): string => `${publicUrl}/api/privacy-vocabulary`
export const termsAt = (publicUrl: string): string => `${metaSchemaAt(publicUrl)}/terms`

const standard = 'https://json-schema.org/draft/2020-12'
const required = ['core', 'applicator', 'unevaluated', 'validation']
const optional = ['meta-data', 'format-annotation', 'content']

/**
 * The meta-schema of exported forms: JSON Schema 2020-12 and, as a vocabulary of ours that a validator may leave alone, the
 * keywords `privacy` (of a question) and `form` (of the whole).
 */
export function metaSchema(publicUrl: string): Record<string, unknown> {
  const { schema: _, ...parts } = formFile.properties
  return {
    $schema: `${standard}/schema`,
    $id: metaSchemaAt(publicUrl),
    $vocabulary: {
      ...Object.fromEntries(required.map((name) => [`${standard}/vocab/${name}`, true])),
      ...Object.fromEntries(optional.map((name) => [`${standard}/vocab/${name}`, false])),
      [termsAt(publicUrl)]: false,
    },
    $dynamicAnchor: 'meta',
    title: 'JSON Schema 2020-12 with the privacy of each question',
    description: `What each word means, and its terms in fideslang and in the W3C Data Privacy Vocabulary: ${termsAt(publicUrl)}`,
    type: ['object', 'boolean'],
    allOf: [{ $ref: `${standard}/schema` }],
    properties: { privacy, form: Type.Object(parts, { additionalProperties: false }) },
    $defs: conditionDefs,
  }
}

const text = {
  type: 'object',
  required: ['en', 'es'],
  properties: { en: { type: 'string' }, es: { type: 'string' } },
  additionalProperties: false,
}

const privacy = {
  description: 'Why a question is asked. Nothing is asked without it but choices that tell nothing about a person.',
  oneOf: [
    { const: 'not-personal' },
    {
      type: 'object',
      required: ['purpose', 'category', 'necessity', 'retention', 'needed'],
      properties: {
        purpose: { description: 'What the answer is used for.', enum: Object.keys(purposes) },
        category: { description: 'What kind of information it is.', enum: Object.keys(categories) },
        necessity: { description: 'Why it is needed, in the words that stand beside the question.', ...text },
        retention: { description: 'How long it is kept: a class of the city’s schedule.', type: 'string' },
        needed: { description: 'False: what the person wants can be done without it.', type: 'boolean' },
        basis: {
          description: 'On what the city may ask; absent: the usual one of the purpose.',
          enum: Object.keys(bases),
        },
        sensitivity: { description: 'Absent: as the category is.', enum: [...sensitivities] },
      },
      additionalProperties: false,
    },
  ],
}

/** The vocabulary itself, word by word, with its terms elsewhere. */
export function vocabularyTerms(): Record<string, unknown> {
  return {
    keywords: {
      privacy: 'Of a property: purpose, category, necessity, retention and needed; or “not-personal”.',
      form: 'Of the schema: what a schema cannot say about a form. It takes no part in validation.',
    },
    namespaces: {
      dpv: 'https://w3id.org/dpv#',
      pd: 'https://w3id.org/dpv/pd#',
      fides: 'https://ethyca.github.io/fideslang/',
    },
    purposes: Object.fromEntries(
      Object.entries(purposes).map(([key, terms]) => [
        key,
        { ...terms, basis: usualBasis[key as keyof typeof usualBasis] },
      ]),
    ),
    categories: Object.fromEntries(
      Object.entries(categories).map(([key, terms]) => [key, { ...terms, sensitive: sensitiveCategories.has(key) }]),
    ),
    bases,
  }
}
