import type { Choice, Field as Asked } from '../../../city/look/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import { filesControl, type KeptFile } from '../../attachments/index.ts'
import type { Field } from '../define-field.ts'
import type { Kind } from '../define-file.ts'
import { say } from '../messages.ts'

/** How an answer of a kind is given. */
export function control(language: Language, question: Field, kept?: readonly KeptFile[]): Asked['control'] {
  switch (question.kind) {
    case 'files':
      return filesControl(language, { field: question.name, most: question.maxItems ?? 1 }, kept)
    case 'long-text':
      return { kind: 'lines', ...(question.rows !== undefined && { rows: question.rows }) }
    case 'email':
      return { kind: 'email' }
    case 'telephone':
      return { kind: 'tel', short: true }
    case 'number':
    case 'money':
      return { kind: 'number', short: true }
    // A date and a time are typed: a picker hides years far off, and is a labour with a keyboard or a screen reader.
    case 'date':
    case 'time':
    case 'map-place':
    // Drawn so only where what is free could not be found out: what was chosen is not lost.
    case 'slot':
    case 'session':
      return { kind: 'text', short: true }
    case 'text':
    case 'address':
    case 'signature':
      return { kind: 'text' }
    case 'declaration':
      return { kind: 'checkboxes', choices: [{ value: 'yes', label: question.statement?.[language] ?? '' }] }
    case 'yes-no':
      return {
        kind: 'radios',
        choices: (['yes', 'no'] as const).map((value) => ({ value, label: say(language, value) })),
      }
    case 'several':
      return { kind: 'checkboxes', choices: choicesOf(language, question) }
    case 'choice':
      return choiceControl(language, question, 6)
    case 'topic-choice':
    case 'place-choice':
      return choiceControl(language, question, 0)
    case 'table':
    case 'person':
    case 'child':
    case 'reckoned':
      throw new TypeError(`${question.kind} is not one control`)
    default:
      return question.kind satisfies never
  }
}

/** What a typed answer looks like, where the form says nothing of its own. */
export function exampleOf(language: Language, kind: Kind): string | undefined {
  switch (kind) {
    case 'date':
      return say(language, 'dateExample')
    case 'time':
      return say(language, 'timeExample')
    case 'money':
      return say(language, 'moneyExample')
    case 'signature':
      return say(language, 'signName')
    case 'address':
      return say(language, 'addressHint')
    case 'map-place':
      return say(language, 'mapHint')
    default:
      return undefined
  }
}

/** A short list of choices is laid open; a long one folds into a select, grouped where its choices have groups. */
function choiceControl(language: Language, question: Field, mostOpen: number): Asked['control'] {
  const choices = choicesOf(language, question)
  const empty = question.empty?.[language]
  if (choices.length > mostOpen) return { kind: 'select', choices, empty: empty ?? say(language, 'chooseOne') }
  return { kind: 'radios', choices: empty === undefined ? choices : [...choices, { value: '', label: empty }] }
}

function choicesOf(language: Language, { choices = [] }: Field): Choice[] {
  return choices.map(({ value, label, group }) => ({
    value,
    label: label[language],
    ...(group && { group: group[language] }),
  }))
}
