import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRefusal, loadCity } from '../../../city/index.ts'
import { isMistaken, parseYaml } from '../../../plumbing/index.ts'
import { checkedForm } from '../define.ts'
import { formFile } from '../define-file.ts'
import { asYaml } from './as-yaml.ts'
import { importForm, type Imported } from './import-form.ts'
import { anyDigitalForm, anyFormio } from './testing/any-foreign.ts'
import { fillIn } from './testing/fill-in.ts'
import { digitalV1, digitalV2, formioWizard } from './testing/foreign-forms.ts'

const city = loadCity(join(import.meta.dirname, '../../../../city'))
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))

const bring = (form: unknown): Imported => {
  const imported = importForm(JSON.stringify(form))
  if ('refused' in imported) throw new Error(imported.says)
  return imported
}
const mistakesOf = (draft: unknown) => {
  const file = parseYaml('imported-form.yaml', JSON.stringify(draft), formFile)
  const form = isMistaken(file) ? file : checkedForm(file, city)
  return isMistaken(form) ? form.mistakes.map(({ line, says }) => `${String(line)} ${says}`) : []
}
const lineOf = ({ report }: Imported, at: string) => report.find((line) => line.at === at)

type Found = { at: string; thing: object }
/** Every component of a foreign form, wherever one may stand. */
function componentsIn(value: unknown, at = ''): Found[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => componentsIn(one, `${at}/${String(index)}`))
  if (typeof value !== 'object' || value === null) return []
  const own = 'type' in value && typeof value.type === 'string' && /\/(components|columns|rows)\//.test(at) ? [{ at, thing: value }] : [] // prettier-ignore
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => componentsIn(inner, `${at}/${key}`))]
}

describe('a form that was made elsewhere', () => {
  test.each([
    ['the form builder of GOV.UK, version 1', digitalV1],
    ['the form builder of GOV.UK, version 2', digitalV2],
    ['form.io', formioWizard],
  ])('from %s is one of ours once purpose and Spanish are said', (_, form) => {
    const { draft } = bring(form)
    expect(mistakesOf(draft)).not.toEqual([])
    expect(mistakesOf(fillIn(draft, city))).toEqual([])
  })

  test('is recognised, whoever made it; anything else is refused with what it would have to be', () => {
    expect(bring(digitalV1).from).toBe('digital-form-builder')
    expect(bring({ form: formioWizard }).from).toBe('form.io')
    for (const text of ['[]', '{}', '{"questions": []}', '"x"', 'null'])
      expect(importForm(text)).toMatchObject({ refused: 'not-a-form' })
    expect(importForm('<html>')).toMatchObject({ refused: 'not-json' })
  })

  test('keeps its conditions, lists and pages', () => {
    const { draft } = bring(digitalV1)
    expect(Object.keys(draft.pages ?? {})).toEqual(['your-dog', 'how-many-dogs', 'about-you', 'declaration'])
    expect(draft.pages?.['how-many-dogs']?.when).toEqual({ field: 'has-dog', is: true })
    expect(draft.pages?.['about-you']).not.toHaveProperty('when')
    expect(draft.fields.breed).toMatchObject({ kind: 'choice', choices: { lab: { en: 'Labrador' } } })
    expect(draft.fees).toEqual([{ label: { en: 'Licence', es: '' }, each: 1250, times: ['dogs'], when: { field: 'has-dog', is: true } }]) // prettier-ignore
    const two = bring(digitalV2).draft
    expect(two.pages?.['which-days']?.when).toEqual({ field: 'shape', is: 'hall' })
    expect(two.fields.people).toMatchObject({ kind: 'table', parts: { 'full-name': { kind: 'text' } } })
    expect(two.schema.properties.people).toMatchObject({ maxItems: 5, minItems: 1 })
  })

  test('keeps what form.io says in words of ours, and tells what it does not', () => {
    const imported = bring(formioWizard)
    const { fields, schema } = imported.draft
    expect(fields.total).toMatchObject({ kind: 'reckoned', reckon: { terms: [{ each: 12.5, times: ['adults'] }, { each: 5, times: ['children'] }] } }) // prettier-ignore
    expect(fields.why).toMatchObject({ when: { field: 'need', is: 'yes-please' } })
    expect(schema.properties.price).toMatchObject({ type: 'integer', minimum: 1000 })
    expect(lineOf(imported, '/components/0/components/4')).toMatchObject({ outcome: 'changed', says: expect.arrayContaining([expect.stringContaining('program')]) as string[] }) // prettier-ignore
    expect(schema.required).not.toContain('scripted')
    expect(lineOf(imported, '/components/2')).toMatchObject({ outcome: 'not-needed' })
    expect(lineOf(imported, '/components/0/components/5')).toMatchObject({ outcome: 'not-mapped' })
  })

  test('asks for purpose, category, necessity, retention and Spanish wherever they are missing, and guesses no purpose', () => {
    const imported = bring(digitalV2)
    const asked = Object.keys(imported.draft.fields)
    for (const name of asked) {
      expect(imported.report.some(({ to, needs }) => to === name && needs.includes('purpose') && needs.includes('spanish')), name).toBe(true) // prettier-ignore
      expect(imported.draft.schema.properties[name]?.privacy ?? {}).not.toHaveProperty('purpose')
    }
    expect(imported.draft.fields.email?.label).toEqual({ en: 'Your email', es: '' })
  })

  test('nothing of it is dropped in silence: every component has its line, and every setting is read or named', () => {
    for (const any of [anyDigitalForm, anyFormio] as fc.Arbitrary<unknown>[])
      fc.assert(
        fc.property(any, (form) => {
          const sent = JSON.parse(JSON.stringify(form)) as unknown
          const { report } = bring(sent)
          const told = new Set(report.map(({ at }) => at))
          for (const { at } of componentsIn(sent)) expect(told, at).toContain(at)
          for (const { at, outcome, says } of report) if (outcome.startsWith('not-')) expect(says, at).not.toEqual([])
        }),
        { numRuns: 60, endOnFailure: true },
      )
    const odd = bring({ components: [{ type: 'textfield', key: 'a', label: 'A', validate: { custom: 'x' }, logic: [1], placeholder: 'p' }] }) // prettier-ignore
    expect(lineOf(odd, '/components/0')?.left).toEqual(['logic', 'placeholder', 'validate.custom'])
  })

  test('whatever it holds, its draft is one of ours once filled in', () => {
    for (const any of [anyDigitalForm, anyFormio] as fc.Arbitrary<unknown>[])
      fc.assert(
        fc.property(any, (form) => {
          const { draft } = bring(form)
          if (Object.keys(draft.fields).length > 0) expect(mistakesOf(fillIn(draft, city))).toEqual([])
          expect(asYaml(draft)).not.toMatch(/onerror=|<script/)
        }),
        { numRuns: 60, endOnFailure: true },
      )
  })

  test('a question between pages, which stands on the first page here, waits for none of a later page', () => {
    const page = { type: 'panel', title: 'Page', components: [{ type: 'checkbox', key: 'b', label: 'B' }] }
    const waits = { type: 'textfield', key: 'c', label: 'C', conditional: { show: true, when: 'b', eq: 'true' } }
    const { draft, report } = bring({ display: 'wizard', components: [page, waits] })
    expect(draft.fields.c).not.toHaveProperty('when')
    expect(report.find(({ to }) => to === 'c')?.says.join(' ')).toContain('not taken over before it')
  })
})

describe('a file that means harm', () => {
  test('is refused where it is huge or deep, before it is taken apart', () => {
    expect(importForm(`{"components":${'['.repeat(200_000)}`)).toMatchObject({ refused: 'too-deep' })
    expect(importForm(' '.repeat(9 * 1024 * 1024))).toMatchObject({ refused: 'too-big' })
  })

  test('cannot reach into the program through names', () => {
    const text = '{"name":"x","pages":[{"title":"p","components":[{"type":"TextField","name":"__proto__","title":"a"},{"type":"constructor","name":"b"}]}],"lists":[],"__proto__":{"polluted":true}}' // prettier-ignore
    const imported = importForm(text)
    expect(imported).toMatchObject({ draft: { fields: { proto: { kind: 'text' } } } })
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('goes in circles only as long as it takes to see it', () => {
    const circle = {
      name: 'c',
      pages: [
        {
          path: '/a',
          title: 'A',
          next: [{ path: '/b', condition: 'x' }],
          components: [{ type: 'YesNoField', name: 'q', title: 'Q' }],
        },
        { path: '/b', title: 'B', next: [{ path: '/a' }], components: [{ type: 'TextField', name: 'r', title: 'R' }] },
      ],
      conditions: ['x', 'y'].map((name) => ({ name, value: { conditions: [{ conditionName: name === 'x' ? 'y' : 'x' }] } })), // prettier-ignore
      lists: [],
    }
    const imported = bring(circle)
    expect(lineOf(imported, '/pages/1')).toMatchObject({ outcome: 'changed', says: [expect.stringContaining('back to itself')] }) // prettier-ignore
    expect(imported.draft.schema.required).toEqual(['q'])
  })

  test('brings no pattern that runs long, and no script', () => {
    const field = (regex: string) => ({
      type: 'TextField',
      name: 'a',
      title: '<script>x()</script>Name',
      schema: { regex, max: 9 },
    })
    for (const regex of ['^(a+)+$', '(a|a)*$', '(?<=a)b', '(.*)\\1', 'a*a*a*a*b']) {
      const { draft, report } = bring({ pages: [{ title: 'p', components: [field(regex)] }], lists: [] })
      expect(draft.schema.properties.a).not.toHaveProperty('pattern')
      expect(draft.fields.a?.label.en).toBe('Name')
      expect(report.some(({ says }) => says.some((one) => one.includes('pattern')))).toBe(true)
    }
    const kept = bring({ pages: [{ title: 'p', components: [field('^[A-Z]{2}\\d+$')] }], lists: [] })
    expect(kept.draft.schema.properties.a).toHaveProperty('pattern', '^[A-Z]{2}\\d+$')
  })
})
