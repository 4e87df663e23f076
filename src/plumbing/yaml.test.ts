import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Type } from './schema.ts'
import { isMistaken, openEachOnce, parseYaml, readYaml } from './yaml.ts'

const file = Type.Unsafe<object>({
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, description: 'the name in words' },
    days: { type: 'integer', minimum: 1, maximum: 365 },
    count: { enum: ['working', 'calendar'] },
    colour: { type: 'string', pattern: '^#', description: 'a colour such as #112233' },
    topics: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    contact: { type: 'object', required: ['phone'], properties: { phone: { type: 'string' } } },
  },
})

const told = (source: string) => {
  const result = parseYaml('city.yaml', source, file)
  return isMistaken(result)
    ? result.mistakes.map(({ line, column, says, allowed }) => `${line}:${column} ${says} [${allowed}]`)
    : []
}

test('a file that is right comes back as its value', () => {
  expect(parseYaml('city.yaml', 'name: Almendra\ndays: 3\n', file)).toMatchObject({
    value: { name: 'Almendra', days: 3 },
  })
})

test.each([
  [
    'an unknown name is told with the nearest known one',
    'name: A\ndasy: 3\n',
    '2:1 “dasy” is not known here. Did you mean “days”? [name, days, count, colour, topics, contact]',
  ],
  [
    'a missing name is told where it belongs',
    'name: A\ncontact: { fax: x }\n',
    '2:1 “phone” is missing under “contact”. [phone: …]',
  ],
  [
    'a wrong type is told at the value',
    'name: A\ndays: three\n',
    '2:7 “days” must be a whole number, not text. [a whole number]',
  ],
  [
    'a value not in the list is told with the list',
    'name: A\ncount: wrking\n',
    '2:8 “count” cannot be “wrking”. Did you mean “working”? [working, calendar]',
  ],
  [
    'a value of the wrong form is told with what is allowed',
    "name: A\ncolour: 'blue'\n",
    '2:9 “colour” cannot be “blue”. [a colour such as #112233]',
  ],
  ['a number out of bounds is told with the bound', 'name: A\ndays: 0\n', '2:7 “days” cannot be 0. [at least 1]'],
  ['a name with nothing after it is told so', 'name:\n', '1:6 “name” has nothing after it. [the name in words]'],
  [
    'an entry that stands twice in a list is told at the second',
    'name: A\ntopics:\n  - x\n  - y\n  - x\n',
    '5:5 “topics” has the same entry twice. [each entry once]',
  ],
  [
    'an entry of a list is called by its number',
    'name: A\ntopics: [x, 7]\n',
    '2:13 “topics”, entry 2 must be text, not a whole number. [text]',
  ],
  [
    'a name that stands twice is told at the second',
    'name: A\nname: B\n',
    '2:1 The same name stands here twice. [Each name once.]',
  ],
])('%s', (_, source, expected) => {
  expect(told(source)).toEqual([expected])
})

test('words after a comma inside braces are told as words, not as an unknown name', () => {
  const inside = Type.Unsafe<object>({
    type: 'object',
    properties: { title: { type: 'object', additionalProperties: false, properties: { en: { type: 'string' } } } },
  })
  const result = parseYaml('policy.yaml', 'title: { en: We count visits, not people }\n', inside)
  expect(result).toMatchObject({
    mistakes: [{ line: 1, column: 31, says: '“not people” stands after a comma, so it is read as a name.' }],
  })
})

test('every mistake of a file is told at once, from the top down', () => {
  expect(told('days: x\ncount: y\n').map((one) => one.split(' ')[0])).toEqual(['1:1', '1:7', '2:8'])
})

test('an alias is refused, so that ten lines cannot unfold into a billion', () => {
  expect(told('name: &a [x]\ntopics: [*a, *a]\n')).toEqual([
    expect.stringMatching(/^2:10 This points to words elsewhere/),
    expect.stringMatching(/^2:14 This points/),
  ])
})

test('text that is not YAML is told with its line', () => {
  expect(told('days: 3\nname: A: B\n')[0]).toMatch(/^2:7 This cannot be read as YAML/)
})

test('a name that means something to JavaScript is only a name', () => {
  expect(told('name: A\n__proto__: { days: 3 }\n')).toEqual([expect.stringContaining('“__proto__” is not known here')])
  expect(({} as { days?: number }).days).toBeUndefined()
})

test('a file that is not there, too big or not text is one mistake in its first line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cityhall-yaml-'))
  try {
    const big = join(folder, 'big.yaml')
    const binary = join(folder, 'binary.yaml')
    writeFileSync(big, `name: ${'x'.repeat(1024 * 1024)}`)
    writeFileSync(binary, Buffer.from([0x6e, 0xff, 0xfe]))
    const said = [join(folder, 'none.yaml'), big, binary].map((path) => readYaml(path, file))
    expect(said).toMatchObject(
      ['not there', 'too big', 'not plain text'].map((words) => ({
        mistakes: [{ line: 1, column: 1, says: expect.stringContaining(words) as string }],
      })),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a file that two rooms read is opened once, and each checks of it what is its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cityhall-yaml-'))
  try {
    const path = join(folder, 'city.yaml')
    writeFileSync(path, 'name: A\ndays: 0\n')
    const open = openEachOnce()
    expect(readYaml(path, Type.Object({ name: Type.String() }), open)).toMatchObject({ value: { name: 'A' } })
    rmSync(path)
    expect(readYaml(path, file, open)).toMatchObject({ mistakes: [{ line: 2, says: '“days” cannot be 0.' }] })
    expect(readYaml(path, file)).toMatchObject({ mistakes: [{ says: 'This file is not there.' }] })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
