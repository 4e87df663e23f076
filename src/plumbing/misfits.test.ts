import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { misfits } from './misfits.ts'
import { Type } from './schema.ts'

const name = fc.constantFrom('a', 'b', 'c', 'd-1')
const scalar = fc.oneof(
  fc.constantFrom('x', 'y', '', 'long text', '👋🏽'),
  fc.constantFrom(0, 1, 2.5, -3, Number.NaN, Number.POSITIVE_INFINITY),
  fc.boolean(),
  fc.constant(null),
)
const some = (names: fc.Arbitrary<string>, most = 4) => fc.uniqueArray(names, { minLength: 1, maxLength: most })
const size = fc.integer({ min: 0, max: 4 })

/** Schemas of every keyword that has a rule, and values that often fit them. */
const { schema } = fc.letrec((tie) => {
  const inner = tie('schema')
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record(
        { type: fc.constant('string'), minLength: size, maxLength: size, pattern: fc.constantFrom('^x', '\\S', '^.$') },
        { requiredKeys: ['type'] },
      ),
      fc.record(
        { type: fc.constantFrom('integer', 'number'), minimum: size, maximum: size },
        { requiredKeys: ['type'] },
      ),
      fc.record({ enum: fc.uniqueArray(fc.constantFrom('x', 'y', 1, 'z'), { minLength: 1 }) }),
      fc.record({ const: fc.constantFrom('x', 1, true) }),
      fc.constantFrom(
        {},
        { type: 'boolean', description: 'yes or no' },
        { type: ['string', 'array'] },
        { $ref: '#/$defs/told' },
      ),
      fc.record({ anyOf: fc.array(inner, { minLength: 1, maxLength: 3 }) }),
      fc.record(
        { type: fc.constant('array'), items: inner, minItems: size, maxItems: size },
        { requiredKeys: ['type'] },
      ),
      // Apart: where entries are of one type, Ajv does not compare those that are of another.
      fc.constant({ type: 'array', uniqueItems: true }),
      fc.record(
        {
          type: fc.constant('object'),
          required: some(name),
          properties: fc.dictionary(name, inner, { maxKeys: 4 }),
          patternProperties: fc.dictionary(fc.constantFrom('^.*$', '^d'), inner, { maxKeys: 2 }),
          propertyNames: fc.constant({ type: 'string', pattern: '^[a-z]+$' }),
          minProperties: size,
          maxProperties: size,
          additionalProperties: fc.constant(false),
        },
        { requiredKeys: ['type'] },
      ),
    ),
  }
})
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

const told = { type: 'object', required: ['a'], properties: { a: { enum: ['x', 1] } } }

test('for any schema and any value, every misfit that Ajv finds is found, and no other', () => {
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 5, maxLength: 5 }), (part, values) => {
      const whole = { ...part, $defs: { told } }
      const validate = new Ajv2020({
        allErrors: true,
        strict: false,
        strictNumbers: true,
        validateSchema: false,
      }).compile(whole)
      for (const one of values) {
        const theirs = validate(one) ? [] : (validate.errors ?? [])
        const ours = misfits(Type.Unsafe(whole), one)
        expect(ours.map(({ path, keyword, which }) => line(path.join('/'), keyword, which)).sort()).toEqual(
          theirs
            // Of a name that is not allowed Ajv also tells why.
            .filter(({ propertyName, keyword }) => propertyName === undefined || keyword === 'propertyNames')
            .map(({ instancePath, keyword, params }) => line(instancePath.slice(1), keyword, whichOf(params)))
            .sort(),
        )
      }
    }),
    { numRuns: 600 },
  )
})

const line = (path: string, keyword: string, which: unknown) =>
  [path, keyword, ...(keyword === 'uniqueItems' ? [] : [String(which)])].join(' ')
const whichOf = (params: Record<string, unknown>) =>
  params['missingProperty'] ?? params['additionalProperty'] ?? params['propertyName']

test('of entries that stand twice the last is told', () => {
  expect(misfits(Type.Array(Type.String(), { uniqueItems: true }), ['x', 'y', 'x', 'z'])).toMatchObject([{ which: 2 }])
  expect(
    misfits(Type.Array(Type.Unknown(), { uniqueItems: true }), [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
  ).toHaveLength(1)
})

test('a keyword without a rule is a fault, so that no schema asks for what nobody checks', () => {
  expect(() => misfits(Type.String({ format: 'email' }), 'x')).toThrow('“format”')
})
