import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import type { FieldEntry } from '../../define-file.ts'
import type { DraftProperty } from '../draft.ts'
import { kindShapes, type Limit } from '../kind-shape.ts'
import { say } from '../messages.ts'
import { both, button, check, choose, errorAt, line } from './inputs.ts'
import { kindOf, questionsBefore, type Places, type QuestionView } from './question.ts'
import { termFields } from './term-fields.ts'
import { at, under } from './told.ts'

/** The keys that belong to the question's kind alone. */
export function kindFields(
  view: QuestionView,
  field: Partial<FieldEntry>,
  answer: DraftProperty,
  places: Places,
): Html {
  const kind = kindOf(view)
  const { own, limits } = kindShapes[kind]
  const has = (key: (typeof own)[number]) => own.includes(key)
  const says = (key: string) => ({
    says: (language: 'en' | 'es') => at(view.told, `${places.field}/${key}/${language}`),
  })
  const facilities = [...view.city.bookings.values()].map(({ id, name }) => ({ value: id, label: name.en }))
  return html`${has('choices') && choiceRows(view, field, places)}
  ${has('statement') && both('statement', say('en', 'statement'), field.statement, { ...says('statement'), long: true })}
  ${has('empty') && both('empty', say('en', 'empty'), field.empty, { ...says('empty'), hint: say('en', 'emptyHint') })}
  ${has('reckon') && reckonPart(view, field)}
  <div class="both">
    ${
      has('topics') &&
      choose({ name: 'topics', label: say('en', 'topics'), value: field.topics }, [
        { value: 'problems', label: say('en', 'topicsProblems') },
        { value: 'all', label: say('en', 'topicsAll') },
      ])
    }
    ${
      has('facility') &&
      choose(
        {
          name: 'facility',
          label: say('en', 'facility'),
          value: field.facility,
          says: under(view.told, `${places.field}/facility`),
        },
        [{ value: '', label: say('en', 'none') }, ...facilities],
      )
    }
    ${has('in-city') && check('in-city', say('en', 'inCity'), field['in-city'] === true)}
    ${has('rows') && line({ name: 'rows', label: say('en', 'rows'), value: field.rows, more: { inputmode: 'numeric' } })}
    ${has('autocomplete') && line({ name: 'autocomplete', label: say('en', 'autocomplete'), hint: say('en', 'autocompleteHint'), value: field.autocomplete })}
    ${kind === 'number' && check('whole', say('en', 'whole'), answer.type === 'integer')}
    ${limits.map((limit) => limitField(limit, answer, kind === 'money', places, view))}
  </div>`
}

function limitField(limit: Limit, answer: DraftProperty, money: boolean, places: Places, { told }: QuestionView): Html {
  const value = answer[limit]
  const inDollars = money && typeof value === 'number' && (limit === 'minimum' || limit === 'maximum')
  return line({
    name: limit,
    label: say('en', `limit-${limit}`),
    value: inDollars ? (value / 100).toFixed(2) : value,
    says: at(told, `${places.answer}/${limit}`),
    more: limit === 'pattern' ? {} : { inputmode: 'decimal' },
  })
}

/** Choices in their order, each with the name it is kept under; two rows more to write in. */
function choiceRows({ told, focus }: QuestionView, field: Partial<FieldEntry>, places: Places): Html {
  const written = Object.entries(field.choices ?? {})
  const rows = [...written, ...Array.from({ length: 2 }, () => ['', { en: '', es: '' }] as const)]
  const says = under(told, `${places.field}/choices`)
  return html`<fieldset id="choices">
    <legend>${say('en', 'choices')}</legend>
    <p class="hint">${say('en', 'choicesHint')}</p>
    ${errorAt('choices', says)}
    ${rows.map(([value, text], row) => {
      const name = `choice.${String(row)}`
      const input = (key: string, words: string, label: string, lang?: 'es') =>
        html`<input ${attributes({ type: 'text', name: `${name}.${key}`, value: words, lang, 'aria-label': say('en', 'choiceNumber', { number: row + 1, label }), placeholder: label, autocomplete: 'off', maxlength: 4000, autofocus: focus === name && key === 'en' })} />`
      const move = (act: 'choice-up' | 'choice-down' | 'choice-remove', sign: string) =>
        button('do', `${act}.${String(row)}`, sign, { 'aria-label': say('en', act, { label: text.en }) })
      return html`<div class="row choice">
        ${input('en', text.en, say('en', 'english'))} ${input('es', text.es, say('en', 'spanish'), 'es')}
        ${input('value', value, say('en', 'keptAs'))}
        ${row < written.length && html`${move('choice-up', '↑')}${move('choice-down', '↓')}${move('choice-remove', '×')}`}
      </div>`
    })}
    ${button('do', 'choice-add', say('en', 'moreChoices'))}
  </fieldset>`
}

function reckonPart({ draft, name, told }: QuestionView, field: Partial<FieldEntry>): Html {
  const { terms = [] } = field.reckon ?? {}
  const money = field.shown === 'money'
  const before = questionsBefore(draft, name)
  const shown = (value: number | undefined) =>
    value === undefined ? '' : money ? (value / 100).toFixed(2) : String(value)
  return html`<fieldset>
    <legend>${say('en', 'reckoned')}</legend>
    <p class="hint">${say('en', 'reckonedHint')}</p>
    ${errorAt('reckon', under(told, `fields/${name}/reckon`))}
    ${[...terms, undefined].map((term, row) =>
      termFields(`term.${String(row)}`, draft, before, term, { each: shown(term?.each), inMoney: money }),
    )}
    <div class="both">
      ${line({ name: 'reckon.at-least', label: say('en', 'atLeast'), value: shown(field.reckon?.['at-least']) })}
      ${line({ name: 'reckon.at-most', label: say('en', 'atMost'), value: shown(field.reckon?.['at-most']) })}
      ${choose({ name: 'shown', label: say('en', 'shownAs'), value: field.shown }, [
        { value: 'number', label: say('en', 'asNumber') },
        { value: 'money', label: say('en', 'asMoney') },
      ])}
    </div>
  </fieldset>`
}
