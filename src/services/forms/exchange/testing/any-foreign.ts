import fc from 'fast-check'

const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'token', 'a', 'b', 'c', 'größe', '', 'firstName'), fc.string({ maxLength: 12 })) // prettier-ignore
const words = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('<script>alert(1)</script>', '<b>Bold</b> words', '', '<img src=x onerror=y>'),
)
const pattern = fc.constantFrom('^(a+)+$', '^[A-Z]{2}$', '(', '(?=a)b', '^\\d+$', '([a-z]*)*')
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined })
const record = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { noNullPrototype: true })

const defraTypes = 'TextField MultilineTextField YesNoField DatePartsField MonthYearField TimeField DateTimeField NumberField EmailAddressField TelephoneNumberField UkAddressField RadiosField CheckboxesField SelectField AutocompleteField FileUploadField Html Para Details InsetText Markdown List DeclarationField HiddenField LatLongField OsGridRefField PaymentField WebsiteField Unknown constructor'.split(' ') // prettier-ignore

const defraComponent = (depth: number): fc.Arbitrary<unknown> =>
  record({
    type: fc.constantFrom(...defraTypes),
    name,
    title: words,
    list: fc.constantFrom('l', 'empty', 'gone'),
    content: words,
    hint: maybe(words),
    options: maybe(record({ required: fc.boolean(), classes: name, amount: fc.nat(), rows: fc.integer() })),
    schema: maybe(record({ max: fc.integer(), min: fc.integer(), regex: pattern })),
    ...(depth > 0 && {
      items: fc.array(record({ text: words, value: name, conditional: record({ components: fc.array(defraComponent(depth - 1), { maxLength: 2 }) }) }), { maxLength: 2 }), // prettier-ignore
    }),
  })

const condition = record({
  name: fc.constantFrom('x', 'y', 'z'),
  value: record({
    conditions: fc.array(
      fc.oneof(
        record({ field: record({ name }), operator: fc.constantFrom('is', 'is not', 'contains', 'is at least', 'is before'), value: record({ value: fc.constantFrom('true', '1', 'a') }), coordinator: fc.constantFrom('and', 'or') }), // prettier-ignore
        record({ conditionName: fc.constantFrom('x', 'y', 'z') }),
      ),
      { maxLength: 3 },
    ),
  }),
})

export const anyDigitalForm = record({
  name: words,
  pages: fc.array(
    record({
      path: fc.constantFrom('/1', '/2', '/3'),
      title: words,
      controller: fc.constantFrom(
        'PageController',
        'RepeatPageController',
        './pages/summary.js',
        'SummaryPageController',
      ),
      condition: maybe(fc.constantFrom('x', 'y', 'gone')),
      next: fc.array(record({ path: fc.constantFrom('/1', '/2', '/3', '/4'), condition: maybe(fc.constantFrom('x', 'y', 'z')) }), { maxLength: 3 }), // prettier-ignore
      repeat: maybe(
        record({ options: record({ name, title: words }), schema: record({ min: fc.nat(3), max: fc.integer() }) }),
      ),
      components: fc.array(defraComponent(2), { maxLength: 4 }),
    }),
    { maxLength: 5 },
  ),
  lists: fc.constant([{ name: 'l', items: [{ text: 'A', value: 'a' }, { text: 'Yes', value: true }] }, { name: 'empty', items: [] }]), // prettier-ignore
  conditions: fc.array(condition, { maxLength: 4 }),
  fees: fc.array(record({ description: words, amount: fc.integer(), multiplier: maybe(name), condition: maybe(fc.constantFrom('x', 'gone')) }), { maxLength: 2 }), // prettier-ignore
})

const formioTypes = 'textfield textarea number currency email phoneNumber datetime day time select radio selectboxes checkbox file signature address survey tags url button content htmlelement hidden password recaptcha unknown'.split(' ') // prettier-ignore
const holders = 'container panel columns fieldset well table tabs datagrid editgrid form'.split(' ')

const formioComponent = (depth: number): fc.Arbitrary<unknown> => {
  const leaf = record({
    type: fc.constantFrom(...formioTypes),
    key: name,
    label: words,
    input: fc.constant(true),
    values: fc.constant([
      { label: 'One', value: '1' },
      { label: 'Two', value: '2' },
    ]),
    questions: fc.constant([{ label: 'Line', value: 'line' }]),
    html: words,
    multiple: fc.boolean(),
    calculateValue: maybe(fc.constantFrom('value = data.a * 2', 'process.exit()', 'value = data.a + data.b')),
    conditional: maybe(record({ show: fc.boolean(), when: name, eq: fc.constantFrom('1', 'true') })),
    validate: record({ required: fc.boolean(), pattern: maybe(pattern), maxLength: maybe(fc.integer()), custom: maybe(fc.constant('valid = false')) }), // prettier-ignore
  })
  if (depth === 0) return leaf
  const inner = fc.array(formioComponent(depth - 1), { maxLength: 3 })
  const holder = record({
    type: fc.constantFrom(...holders),
    key: name,
    title: words,
    components: inner,
    columns: fc.array(record({ components: inner }), { maxLength: 2 }),
    rows: fc.array(fc.array(record({ components: inner }), { maxLength: 2 }), { maxLength: 1 }),
  })
  return fc.oneof(leaf, leaf, holder)
}

export const anyFormio = record({
  title: words,
  display: fc.constantFrom('form', 'wizard'),
  components: fc.array(formioComponent(3), { maxLength: 6 }),
})
