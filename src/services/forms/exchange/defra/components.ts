import { choicesFrom, numberProperty, severalProperty, textProperty } from '../importing/kinds.ts'
import { words, type Choices, type NewQuestion } from '../importing/draft-form.ts'
import { plainWords } from '../importing/names.ts'
import type { Reading } from '../importing/reading.ts'

/** What one component becomes: questions (a date with a time is two), words of its page, or nothing and why. */
export type Became =
  | Readonly<{ questions: readonly NewQuestion[]; says: readonly string[]; changed?: boolean }>
  | Readonly<{ content: string | undefined; says: readonly string[] }>
  | Readonly<{ payment: true }>
  | Readonly<{ not: string }>

export type Lists = ReadonlyMap<string, Choices>

const contents = ['Html', 'Para', 'Details', 'InsetText', 'Markdown', 'NotificationBanner', 'WarningText', 'FlashCard']
const british = 'It is a British grid reference. Ask for an address or a place on the map instead.'
const never: Readonly<Record<string, string>> = {
  HiddenField: 'Nobody answers it, so it is not asked.',
  EastingNorthingField: british,
  OsGridRefField: british,
  NationalGridFieldNumberField: british,
  GeospatialField: 'Lines and shapes on a map cannot be answered here. Ask for a place on the map instead.',
}

export function becomes(type: string, read: Reading, lists: Lists): Became {
  const why = Object.hasOwn(never, type) ? never[type] : undefined
  if (why !== undefined) return { not: why }
  if (type === 'PaymentField') return { payment: true }
  if (type === 'List') return listContent(read, lists)
  if (contents.includes(type)) {
    const [title, content] = [read.text('title'), plainWords(read.text('content'))]
    const heading = type === 'Details' || type === 'NotificationBanner' ? title : undefined
    return { content: [heading, content].filter(Boolean).join('\n') || undefined, says: [] }
  }
  return question(type, read, lists)
}

function listContent(read: Reading, lists: Lists): Became {
  const choices = lists.get(read.text('list') ?? '')
  const said = Object.values(choices?.entries ?? {}).map(({ en }) => `- ${en}`)
  return { content: [read.text('title'), ...said].filter(Boolean).join('\n') || undefined, says: [] }
}

function question(type: string, read: Reading, lists: Lists): Became {
  const says: string[] = []
  const [options, schema] = [read.inside('options'), read.inside('schema')]
  const label = plainWords(read.text('title'), 500) ?? read.text('name') ?? type
  const help = [plainWords(read.text('hint'), 1000), plainWords(options.text('instructionText'), 1000)].filter(Boolean)
  const required = options.yes('required') !== false
  const asked = { label: words(label), ...(help.length > 0 && { help: words(help.join('\n')) }) }
  const limits = {
    min: schema.number('min'),
    max: schema.number('max') ?? schema.number('length'),
    pattern: schema.text('regex'),
  }
  const made = (
    kind: NewQuestion['field']['kind'],
    property: NewQuestion['property'],
    more: Partial<NewQuestion> & { with?: Partial<NewQuestion['field']> } = {},
  ): NewQuestion => {
    const { with: parts, ...rest } = more
    return { field: { ...asked, kind, ...parts }, property, required, ...rest }
  }
  const one = (made: NewQuestion, changed = false): Became => ({ questions: [made], says, changed })
  switch (type) {
    case 'TextField':
    case 'WebsiteField':
      return one(made('text', textProperty(limits, 200, says)))
    case 'MultilineTextField':
    case 'FreeTextField': {
      const rows = options.number('rows')
      const lines = rows !== undefined && rows >= 2 && rows <= 30 ? { rows: Math.floor(rows) } : {}
      return one(made('long-text', textProperty(limits, 4000, says), { with: lines }))
    }
    case 'EmailAddressField':
      return one(
        made('email', { type: 'string', maxLength: 254 }, { category: 'email', with: { autocomplete: 'email' } }),
      )
    case 'TelephoneNumberField':
      return one(made('telephone', { type: 'string', maxLength: 40 }, { category: 'telephone', with: { autocomplete: 'tel' } })) // prettier-ignore
    case 'YesNoField':
      return one(made('yes-no', { type: 'boolean' }))
    case 'DatePartsField':
    case 'DateField':
      return one(made('date', { type: 'string' }))
    case 'MonthYearField':
      says.push('A month without a day is asked as text.')
      return one(made('text', { type: 'string', maxLength: 30 }), true)
    case 'TimeField':
      return one(made('time', { type: 'string' }))
    case 'DateTimeField':
    case 'DateTimePartsField':
      says.push('A date with a time is asked as two questions.')
      return { questions: [made('date', { type: 'string' }), made('time', { type: 'string' })], says, changed: true }
    case 'NumberField': {
      const integer = schema.number('precision') === 0 || schema.yes('integer') === true
      return one(made('number', numberProperty(limits, integer)))
    }
    case 'UkAddressField':
      says.push('The postcode look-up is gone: an address is written, or chosen from the city’s own list.')
      return one(made('address', { type: 'string', maxLength: 300 }, { category: 'address' }), true)
    case 'LatLongField':
      return one(made('map-place', { type: 'string' }, { category: 'location' }))
    case 'FileUploadField':
      return files(made, limits, required, says)
    case 'DeclarationField': {
      const statement = plainWords(read.text('content')) ?? label
      return one(made('declaration', { type: 'boolean' }, { with: { statement: words(statement) } }))
    }
    case 'RadiosField':
    case 'SelectField':
    case 'AutocompleteField':
    case 'CheckboxesField':
      return chosen(type === 'CheckboxesField', read, lists, limits, made)
    default:
      return { not: `There is no question of the type “${type.slice(0, 60)}” here.` }
  }
}

type Make = (
  kind: NewQuestion['field']['kind'],
  property: NewQuestion['property'],
  more?: Partial<NewQuestion> & { with?: Partial<NewQuestion['field']> },
) => NewQuestion
type Limits = Parameters<typeof severalProperty>[1]

function files(made: Make, { max }: Limits, required: boolean, says: string[]): Became {
  if (required) says.push('Files cannot be required here: who has no camera describes it in words.')
  const maxItems = Math.min(10, Math.max(1, Math.floor(max ?? 1)))
  return { questions: [{ ...made('files', { type: 'array', maxItems }), required: false }], says, changed: required }
}

function chosen(several: boolean, read: Reading, lists: Lists, limits: Limits, made: Make): Became {
  const name = read.text('list') ?? ''
  const inline = read.list('items')
  const choices = inline.length > 0 ? choicesFrom(itemsIn(inline)) : lists.get(name)
  if (!choices) return { not: `Its list “${name.slice(0, 60)}” has nothing to choose from.` }
  const property = several ? severalProperty(choices, limits) : ({ type: 'string' } as const)
  const kind = several ? 'several' : 'choice'
  return { questions: [made(kind, property, { choices, with: { choices: choices.entries } })], says: [] }
}

export function itemsIn(items: readonly unknown[]): readonly { label: string; value: string }[] {
  return items.flatMap((item) => {
    const { text, value } = (typeof item === 'object' && item !== null ? item : {}) as {
      text?: unknown
      value?: unknown
    }
    const said =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
    const label = typeof text === 'string' ? text : said
    return label.trim() === '' ? [] : [{ label, value: said === '' ? label : said }]
  })
}
