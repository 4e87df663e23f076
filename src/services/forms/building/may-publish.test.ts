import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cityFolder, sampleCity } from '../../../../test/support/house.ts'
import type { FormId, Text } from '../../../city/index.ts'
import { loadForms } from '../define.ts'
import { anyDraft } from '../testing/any-draft.ts'
import type { DraftFile } from './draft.ts'
import { applyEdit } from './edits/apply.ts'
import { mayPublish } from './may-publish.ts'
import { loadMinimisation, plainWords } from './minimisation.ts'

const city = sampleCity()
const rules = loadMinimisation(join(cityFolder, 'minimisation.yaml'))
if ('refused' in rules) throw new Error(JSON.stringify(rules.mistakes))
const forms = loadForms(join(cityFolder, 'forms'), city)
if ('refused' in forms) throw new Error('the sample forms do not load')
const contact = forms.get('contact-the-city' as FormId)?.source as DraftFile

const codes = (draft: DraftFile) => mayPublish(draft, rules).map(({ code, question }) => `${question} ${code}`)
const withPrivacy = (draft: DraftFile, name: string, privacy: object | string | undefined): DraftFile => {
  const property = { ...draft.schema.properties[name], privacy } as DraftFile['schema']['properties'][string]
  return { ...draft, schema: { ...draft.schema, properties: { ...draft.schema.properties, [name]: property } } }
}
const withLabel = (label: Text): DraftFile => ({
  ...contact,
  fields: { ...contact.fields, name: { kind: 'text', label } },
})

test('every form of the sample city may be published', () => {
  for (const form of forms.values()) expect(codes(form.source), form.id).toEqual([])
})

test('whatever a personal question lacks of purpose, category, necessity, retention or need, that is what is refused', () => {
  const keys = ['purpose', 'category', 'necessity', 'retention', 'needed'] as const
  const whole = contact.schema.properties['name']?.privacy
  if (typeof whole !== 'object') throw new Error('the name is about nobody')
  fc.assert(
    fc.property(fc.subarray([...keys]), (left) => {
      const kept = Object.fromEntries(
        Object.entries(whole).filter(([key]) => !left.includes(key as (typeof keys)[number])),
      )
      expect(codes(withPrivacy(contact, 'name', kept))).toEqual(left.map((key) => `name no-${key}`))
    }),
  )
  expect(codes(withPrivacy(contact, 'name', { ...whole, necessity: { en: 'Why', es: ' ' } }))).toEqual([
    'name no-necessity',
  ])
  expect(codes(withPrivacy(contact, 'name', 'not-personal'))).toEqual(['name not-personal'])
  expect(codes({ ...contact, fields: {}, schema: { type: 'object', properties: {} } })).toEqual([' no-question'])
})

test('a Social Security number is recognised however it is written, in English and Spanish, whatever it is called for', () => {
  const written = [
    'SSN',
    'S.S.N.',
    'Your social-security  number',
    'Número de Seguro Social',
    'NÚMERO DE SEGURO SOCIAL',
    'nss',
    'Last 4 of SSN',
  ]
  const around = fc.constantFrom('', 'Your ', '¿', '“', '(', '2. ')
  fc.assert(
    fc.property(fc.constantFrom(...written), around, fc.boolean(), (words, before, spanish) => {
      const label = spanish ? { en: 'Number', es: before + words } : { en: before + words, es: 'Número' }
      expect(codes(withLabel(label))).toEqual(['name too-much'])
    }),
  )
  for (const fine of ['Lesson', 'Classname', 'Social media', 'Security deposit', 'Class n'])
    expect(codes(withLabel({ en: fine, es: 'Otra' })), fine).toEqual([])
  expect(plainWords('S.S.N. y Número')).toBe('ssn y numero')
})

test('what is too much for one purpose may be asked for another; the way out is told with it', () => {
  const whole = contact.schema.properties['name']?.privacy as object
  const asks = (category: string, purpose: string) =>
    codes(withPrivacy(contact, 'name', { ...whole, category, purpose }))
  expect(asks('birth-date', 'answer')).toEqual(['name too-much'])
  expect(asks('birth-date', 'check-eligibility')).toEqual([])
  expect(asks('address', 'plan-services')).toEqual(['name too-much'])
  expect(asks('address', 'do-the-work')).toEqual([])
  expect(asks('account', 'answer')).toEqual(['name on-file'])
  const [refusal] = mayPublish(withPrivacy(contact, 'name', { ...whole, category: 'birth-date' }), rules)
  expect(refusal).toMatchObject({ rule: 'birth-date', instead: { en: expect.stringContaining('age groups') } })
})

test('a form for children is refused until a parent can consent, and a child is asked about in no other form', () => {
  const whole = contact.schema.properties['name']?.privacy as object
  const child = withPrivacy(contact, 'name', { ...whole, category: 'child' })
  expect(codes(child)).toEqual(['name child-without-consent'])
  expect(codes({ ...child, minors: 'with-consent' })).toEqual([])
})

test('of any form that the builder can make: each refusal names a question of it, and taking its questions out ends it', () => {
  fc.assert(
    fc.property(anyDraft(city, 12), (draft) => {
      for (const { question } of mayPublish(draft, rules))
        if (question !== '') expect(draft.fields).toHaveProperty(question)
      const refused = new Set(mayPublish(draft, rules).map(({ question }) => question))
      const left = [...refused].reduce((rest, name) => {
        const next = applyEdit(rest, { edit: 'remove-question', name })
        return 'refused' in next ? rest : next
      }, draft)
      const still = mayPublish(left, rules).filter(({ question }) => question !== '' && !(question in left.fields))
      expect(still).toEqual([])
      const gone = [...refused].filter((name) => !(name in left.fields))
      expect(mayPublish(left, rules).some(({ question }) => question !== '' && gone.includes(question))).toBe(false)
    }),
    { numRuns: 40 },
  )
})

test('a mistake in the city’s rules is told with its line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  const path = join(folder, 'minimisation.yaml')
  writeFileSync(
    path,
    'too-much:\n  a:\n    because: { en: A, es: A }\n    instead: { en: A, es: A }\n  b:\n    category: shoe-size\n    because: { en: A, es: A }\n    instead: { en: A, es: A }\n',
  )
  expect(loadMinimisation(path)).toMatchObject({ refused: 'form-files', mistakes: [{ line: 6 }] })
  writeFileSync(path, 'too-much:\n  a:\n    because: { en: A, es: A }\n    instead: { en: A, es: A }\n')
  expect(loadMinimisation(path)).toMatchObject({ refused: 'form-files', mistakes: [{ line: 2 }] })
  rmSync(folder, { recursive: true })
})
