import type { City } from '../../../city/index.ts'
import { field, fieldset, type Field as Asked } from '../../../city/look/index.ts'
import { attributes, html, type Html, type Language } from '../../../plumbing/index.ts'
import { limitsWords, type KeptFile } from '../../attachments/index.ts'
import { numberInWords } from '../answer-in-words.ts'
import { rowNumbers } from '../answering/read-field.ts'
import type { Field } from '../define-field.ts'
import { say } from '../messages.ts'
import { mapPlace } from './map-place.ts'
import { nearAddresses } from './address.ts'
import { control, exampleOf } from './control.ts'
import type { Wrong } from './error-words.ts'

/** What a question is drawn with: what was typed so far, under the posted names, and what is wrong with it. */
export interface Drawing {
  readonly city: City
  readonly language: Language
  readonly state: {
    readonly values?: Readonly<Record<string, unknown>>
    readonly kept?: readonly KeptFile[]
    /** The table, or with a + its last row, that takes the focus. */
    readonly focus?: string
    /** What follows from the answers, by its question. */
    readonly reckoned?: Readonly<Record<string, number>>
    /** The question in which a time is chosen, drawn by who knows which are free. */
    readonly slot?: Html | undefined
  }
  readonly wrong: readonly Wrong[]
}

/** A question of any kind, with its reason, its error beside it, and everything typed kept. */
export function question(drawing: Drawing, asked: Field): Html {
  switch (asked.kind) {
    case 'reckoned':
      return reckoned(drawing, asked)
    case 'person':
    case 'child':
      return fieldset(drawing.language, {
        ...heading(drawing, asked),
        inside: (asked.parts ?? []).map((part) => single(drawing, part, `${asked.name}.`)),
      })
    case 'table':
      return table(drawing, asked)
    case 'map-place':
      return asked.map ? placeOnMap(drawing, asked) : single(drawing, asked)
    case 'slot':
    case 'session':
      return drawing.state.slot ?? single(drawing, asked)
    default:
      return single(drawing, asked)
  }
}

function placeOnMap(drawing: Drawing, asked: Field): Html {
  const focused = drawing.state.focus === asked.name
  return fieldset(drawing.language, { ...heading(drawing, asked), focused, inside: mapPlace(drawing, asked) })
}

function single(drawing: Drawing, asked: Field, prefix = ''): Html {
  const { language, state, wrong } = drawing
  const name = prefix + asked.name
  const error = wrong.find((one) => one.name === name)?.says
  const typed = typedValue(state.values?.[name])
  const below = error !== undefined && asked['in-city'] && nearAddresses(drawing.city, language, name, String(typed))
  const known = prefix !== '' && asked.privacy === undefined ? {} : whyWeAsk(drawing, asked, prefix)
  return field(language, {
    name,
    label: asked.label[language],
    control: control(language, asked, state.kept),
    needed: asked.required,
    ...hintOf(language, asked),
    ...(error !== undefined && { error }),
    value: typed,
    ...(below && { below }),
    ...(asked.autocomplete !== undefined && { autocomplete: asked.autocomplete }),
    ...known,
  })
}

/** A table shows a row for each that was posted, at least one to write in. Rows come and go by a button each. */
function table(drawing: Drawing, asked: Field): Html {
  const { language, state } = drawing
  const { name, maxItems: most = 1 } = asked
  const posted = rowNumbers(name, state.values ?? {}, most)
  const rows = posted.length === 0 ? [0] : posted
  return fieldset(language, {
    ...heading(drawing, asked),
    focused: state.focus === name,
    inside: [
      html`<div class="rows" data-table="${name}">
        ${rows.map((row, at) => tableRow(drawing, asked, { row, at, only: rows.length === 1, last: at === rows.length - 1 }))}
      </div>`,
      rows.length < most &&
        html`<button class="usa-button usa-button--outline" type="submit" name="add-row" value="${name}" formnovalidate>
          ${say(language, 'addRow')}
        </button>`,
    ],
  })
}

type Row = Readonly<{ row: number; at: number; only: boolean; last: boolean }>

/** `row` is the number it is posted under, `at` its place; a row that was just added takes the focus. */
function tableRow(drawing: Drawing, { name, label, parts = [] }: Field, { row, at, only, last }: Row): Html {
  const { language, state } = drawing
  const key = `${name}.${String(row)}`
  const focused = last && state.focus === `+${name}`
  return html`<fieldset class="usa-fieldset row" ${attributes({ id: key, tabindex: -1, autofocus: focused })}>
    <legend>${say(language, 'rowOf', { label: label[language], row: at + 1 })}</legend>
    <div class="cells">${parts.map((part) => single(drawing, part, `${key}.`))}</div>
    ${
      !only &&
      html`<button class="quiet" type="submit" name="remove-row" value="${key}" formnovalidate>
        ${say(language, 'removeRow', { row: at + 1 })}
      </button>`
    }
  </fieldset>`
}

function heading(drawing: Drawing, asked: Field) {
  const error = drawing.wrong.find((one) => one.name === asked.name)?.says
  return {
    name: asked.name,
    label: asked.label[drawing.language],
    needed: asked.required,
    ...hintOf(drawing.language, asked),
    ...(error !== undefined && { error }),
    ...whyWeAsk(drawing, asked, ''),
  }
}

/** The parts of a person or a table are asked for the reason of the whole, unless they say another. */
function whyWeAsk({ city, language }: Drawing, { privacy }: Field, prefix: string): Pick<Asked, 'why'> {
  const retention = privacy && city.retention.get(privacy.retention)
  if (!privacy || !retention || prefix !== '') return {}
  return { why: { necessity: privacy.necessity[language], kept: retention.text[language] } }
}

function hintOf(language: Language, asked: Field): Pick<Asked, 'hint'> {
  const limits =
    asked.kind === 'files' && asked.maxItems !== undefined ? limitsWords(language, asked.maxItems) : undefined
  const own = asked.kind === 'signature' ? asked.statement?.[language] : undefined
  const words = [own, asked.help?.[language], asked.hint?.[language] ?? exampleOf(language, asked.kind), limits]
  const hint = words.filter((one) => one !== undefined).join(' ')
  return hint ? { hint } : {}
}

function typedValue(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  return typeof value === 'string' ? value : ''
}

/** A value that follows from answers is shown, not asked. */
function reckoned({ language, state }: Drawing, { name, label, shown }: Field): Html {
  const value = state.reckoned?.[name]
  const words = value === undefined ? '—' : numberInWords(value, shown === 'money', language)
  return html`<p class="reckoned" id="${name}" tabindex="-1">
    <span>${label[language]}</span> <output data-reckoned="${name}">${words}</output>
  </p>`
}
