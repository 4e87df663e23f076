import { choicesFrom, numberProperty, severalProperty, textProperty } from '../importing/kinds.ts'
import { words, type NewQuestion } from '../importing/draft-form.ts'
import { plainWords } from '../importing/names.ts'
import type { Reading } from '../importing/reading.ts'
import { isThing } from '../thing.ts'

export type Became =
  | Readonly<{ questions: readonly NewQuestion[]; says: readonly string[]; changed?: boolean }>
  | Readonly<{ content: string | undefined }>
  | Readonly<{ not: string }>
  | Readonly<{ unneeded: string }>

const never: Readonly<Record<string, string>> = {
  hidden: 'Nobody answers it, so it is not asked.',
  password: 'A form of the city never asks for a password.',
  recaptcha: 'It sends visitors’ data to a company; no page of the city does.',
  captcha: 'It sends visitors’ data to a company; no page of the city does.',
  form: 'It stands in a file of its own: import that file as well.',
  resource: 'It is chosen from data that is not in this file.',
  datamap: 'Names that people make up themselves cannot be asked for here.',
  custom: 'It is a program, which is not run here.',
}

/** What one component of form.io becomes; those that only hold others are opened before. */
export function becomes(type: string, read: Reading): Became {
  const why = Object.hasOwn(never, type) ? never[type] : undefined
  if (why !== undefined) return { not: why }
  if (type === 'button') return { unneeded: 'Every form here has its own button to send it.' }
  if (type === 'content' || type === 'htmlelement') {
    read.pass('label', 'key', 'input', 'tag', 'attrs')
    return { content: plainWords(read.text('html') ?? read.text('content')) }
  }
  return question(type, read)
}

type Make = (
  kind: NewQuestion['field']['kind'],
  property: NewQuestion['property'],
  more?: Partial<NewQuestion> & { with?: Partial<NewQuestion['field']> },
) => NewQuestion

function question(type: string, read: Reading): Became {
  const says: string[] = []
  const validate = read.inside('validate')
  const label = plainWords(read.text('label'), 500) ?? read.text('key') ?? type
  const help = [plainWords(read.text('description'), 1000), plainWords(read.text('tooltip'), 1000)].filter(Boolean)
  const required = validate.yes('required') === true
  const asked = { label: words(label), ...(help.length > 0 && { help: words(help.join('\n')) }) }
  const limits = {
    min: validate.number('minLength'),
    max: validate.number('maxLength'),
    pattern: validate.text('pattern'),
  }
  const made: Make = (kind, property, { with: parts, ...more } = {}) => ({
    field: { ...asked, kind, ...parts },
    property,
    required,
    ...more,
  })
  const one = (made: NewQuestion, changed = false): Became => ({ questions: [made], says, changed })
  switch (type) {
    case 'textfield':
    case 'url':
      return one(made('text', textProperty(limits, 200, says)))
    case 'tags':
      says.push('Words to collect are asked as one text.')
      return one(made('text', textProperty(limits, 500, says)), true)
    case 'textarea': {
      const rows = read.number('rows')
      const lines = rows !== undefined && rows >= 2 && rows <= 30 ? { rows: Math.floor(rows) } : {}
      return one(made('long-text', textProperty(limits, 4000, says), { with: lines }))
    }
    case 'number': {
      const range = { min: validate.number('min'), max: validate.number('max') }
      return one(
        made('number', numberProperty(range, validate.yes('integer') === true || read.number('decimalLimit') === 0)),
      )
    }
    case 'currency':
      return one(
        made('money', numberProperty({ min: cents(validate.number('min')), max: cents(validate.number('max')) }, true)),
      )
    case 'email':
      return one(
        made('email', { type: 'string', maxLength: 254 }, { category: 'email', with: { autocomplete: 'email' } }),
      )
    case 'phoneNumber':
      return one(made('telephone', { type: 'string', maxLength: 40 }, { category: 'telephone', with: { autocomplete: 'tel' } })) // prettier-ignore
    case 'day':
    case 'datetime':
    case 'time':
      return moment(type, read, made, says)
    case 'select':
    case 'radio':
    case 'selectboxes':
      return chosen(type, read, made, validate, says)
    case 'checkbox':
      if (!required) return one(made('yes-no', { type: 'boolean' }))
      says.push('A box that must be ticked is a declaration.')
      return one(made('declaration', { type: 'boolean' }, { with: { statement: words(label) } }), true)
    case 'signature':
      return one(made('signature', { type: 'string', maxLength: 120 }, { category: 'signature', with: { statement: words(plainWords(read.text('footer')) ?? label) } })) // prettier-ignore
    case 'address':
      says.push('No company is asked for addresses: it is written, or chosen from the city’s own list.')
      read.pass('components')
      return one(made('address', { type: 'string', maxLength: 300 }, { category: 'address' }), true)
    case 'file': {
      if (required) says.push('Files cannot be required here: who has no camera describes it in words.')
      const maxItems = read.yes('multiple') === true ? 10 : 1
      return {
        questions: [{ ...made('files', { type: 'array', maxItems }), required: false }],
        says,
        changed: required,
      }
    }
    case 'survey':
      return survey(read, made, says)
    default:
      return { not: `There is no question of the type “${type.slice(0, 60)}” here.` }
  }
}

const cents = (amount: number | undefined) => (amount === undefined ? undefined : Math.round(amount * 100))

function moment(type: string, read: Reading, made: Make, says: string[]): Became {
  const fields = read.inside('fields')
  const parts = ['day', 'month', 'year'].map((part) => fields.inside(part))
  const hidden = type === 'day' && parts.some((part) => part.yes('hide') === true)
  const [date, time] = [made('date', { type: 'string' }), made('time', { type: 'string' })]
  if (type === 'time') return { questions: [time], says }
  if (hidden) {
    says.push('A date without all of its parts is asked as text.')
    return { questions: [made('text', { type: 'string', maxLength: 30 })], says, changed: true }
  }
  if (type === 'day' || read.yes('enableTime') === false) return { questions: [date], says }
  if (read.yes('enableDate') === false) return { questions: [time], says }
  says.push('A date with a time is asked as two questions.')
  return { questions: [date, time], says, changed: true }
}

function chosen(type: string, read: Reading, made: Make, validate: Reading, says: string[]): Became {
  const from = read.text('dataSrc') ?? 'values'
  if (from !== 'values' && from !== 'json')
    return { not: `Its answers are fetched from elsewhere (${from.slice(0, 20)}): write them out first.` }
  const data = read.inside('data')
  const own = read.list('values')
  const listed = own.length > 0 ? own : data.list('values').length > 0 ? data.list('values') : data.list('json')
  const choices = choicesFrom(labelled(listed))
  if (!choices) return { not: 'It has nothing to choose from.' }
  const several = type === 'selectboxes' || read.yes('multiple') === true
  const limits = { min: validate.number('minSelectedCount'), max: validate.number('maxSelectedCount') }
  const property = several ? severalProperty(choices, limits) : ({ type: 'string' } as const)
  return {
    questions: [made(several ? 'several' : 'choice', property, { choices, with: { choices: choices.entries } })],
    says,
  }
}

/** Each row of the grid is a choice of its own, among the same answers. */
function survey(read: Reading, made: Make, says: string[]): Became {
  const choices = choicesFrom(labelled(read.list('values')))
  const rows = labelled(read.list('questions'))
  if (!choices || rows.length === 0) return { not: 'It has nothing to choose from.' }
  says.push('Each of its lines is a question of its own.')
  const questions = rows.map(({ label }) => made('choice', { type: 'string' }, { choices, with: { choices: choices.entries, label: words(label) } })) // prettier-ignore
  return { questions, says, changed: true }
}

function labelled(items: readonly unknown[]): readonly { label: string; value: string }[] {
  return items.flatMap((item) => {
    if (typeof item === 'string' || typeof item === 'number') return [{ label: String(item), value: String(item) }]
    if (!isThing(item)) return []
    const value = ['string', 'number', 'boolean'].includes(typeof item.value) ? String(item.value) : ''
    const label = typeof item.label === 'string' && item.label.trim() !== '' ? item.label : value
    return label === '' ? [] : [{ label, value: value === '' ? label : value }]
  })
}
