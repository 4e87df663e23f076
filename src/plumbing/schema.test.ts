import { Type as theirs } from 'typebox'
import { expect, test } from 'vitest'
import { Type as ours } from './schema.ts'

/** One schema with every maker in it. */
function everything(make: typeof ours) {
  const closed = { additionalProperties: false }
  const named = make.Object(
    {
      name: make.String({ pattern: '\\S', description: 'some words' }),
      note: make.Optional(make.String()),
      count: make.Integer({ minimum: 1 }),
      share: make.Optional(make.Number({ maximum: 1 })),
      kept: make.Boolean(),
    },
    closed,
  )
  return make.Object({
    list: make.Array(named, { minItems: 1 }),
    table: make.Record(make.String(), named, { propertyNames: { pattern: '^[a-z]+$' }, minProperties: 1 }),
    days: make.Partial(make.Object({ monday: make.Literal('open'), sunday: make.Literal('shut') }), {
      description: 'the week',
    }),
    either: make.Union([make.Literal('one'), make.Object({ is: make.Literal('other') })]),
    any: make.Optional(make.Unknown()),
    bare: make.Optional(make.Object({ only: make.Optional(make.Array(make.Unknown())) })),
    own: make.Unsafe<string | string[]>({ type: ['string', 'array'] }),
  })
}

test('the makers make what TypeBox makes, to the letter', () => {
  expect(JSON.parse(JSON.stringify(everything(ours)))).toEqual(
    JSON.parse(JSON.stringify(everything(theirs as typeof ours))),
  )
})

test('a part of an object still refuses what the object refuses, which TypeBox forgets', () => {
  const week = ours.Object({ monday: ours.String() }, { additionalProperties: false })
  expect(ours.Partial(week)).toEqual({
    type: 'object',
    properties: { monday: { type: 'string' } },
    additionalProperties: false,
  })
})
