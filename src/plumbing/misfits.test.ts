import { expect, test } from 'vitest'
import { misfits } from './misfits.ts'
import { Type } from './schema.ts'

const text = Type.String({ minLength: 1 })
const schema = Type.Object(
  {
    name: Type.Object({ en: text }, { additionalProperties: false }),
    list: Type.Array(text, { uniqueItems: true }),
    by: Type.Record(Type.String(), Type.Number(), { propertyNames: { pattern: '^[a-z]+$' } }),
  },
  { additionalProperties: false },
)

test('each misfit says its keyword, where it is, of what, and which name or entry', () => {
  const value = { name: { en: '', es: 'x' }, list: ['x', 'y', 'x'], by: { A: 1, b: 'two' }, 'a/b~c': 0 }
  const said = misfits(schema, value).map(({ keyword, path, value: of, which }) => [keyword, path, of, which])
  expect(said).toHaveLength(6)
  expect(said).toEqual(
    expect.arrayContaining([
      ['additionalProperties', [], value, 'a/b~c'],
      ['additionalProperties', ['name'], value.name, 'es'],
      ['minLength', ['name', 'en'], '', undefined],
      ['uniqueItems', ['list'], value.list, 2],
      ['propertyNames', ['by'], value.by, 'A'],
      ['type', ['by', 'b'], 'two', undefined],
    ]),
  )
  expect(misfits(schema, { name: {}, list: [], by: {} })).toMatchObject([
    { keyword: 'required', path: ['name'], schema: { type: 'object' }, which: 'en' },
  ])
  expect(misfits(schema, { name: { en: 'x' }, list: ['x'], by: { a: 1 } })).toEqual([])
})

test('a number is the place in a list, and a name where it is a name', () => {
  const both = Type.Object({ list: Type.Array(text), by: Type.Record(Type.String(), text) })
  expect(misfits(both, { list: ['x', ''], by: { 'a/1': '', 2: '' } }).map(({ path }) => path)).toEqual([
    ['list', 1],
    ['by', '2'],
    ['by', 'a/1'],
  ])
})

test('a keyword that is not known is a fault, so that no schema asks for what nobody checks', () => {
  expect(() => misfits(Type.String({ minimumLength: 3 }), 'x')).toThrow('minimumLength')
})
