import { attributes, html, type Html, type Language } from '../../plumbing/index.ts'
import { icon } from './icons.ts'
import { say } from './messages.ts'

export interface Choice {
  readonly value: string
  readonly label: string
  /** Under which heading of a select it stands; choices of one group stand together. */
  readonly group?: string
}

type Group = { readonly kind: 'radios' | 'checkboxes'; readonly choices: readonly Choice[] }
/** Files to choose; `kept` are those of the last try, each with a mark that can be taken away. */
export interface FilesControl {
  readonly kind: 'files'
  readonly accept: string
  readonly many: boolean
  readonly kept: readonly Choice[]
  readonly keptName: string
  readonly keptWords: string
}

type Control =
  | { readonly kind: 'text' | 'email' | 'tel' | 'date' | 'number' | 'digits'; readonly short?: boolean }
  | { readonly kind: 'lines'; readonly rows?: number }
  | FilesControl
  | { readonly kind: 'select'; readonly choices: readonly Choice[]; readonly empty: string }
  | Group

/** A question of a form. `name` is the posted name and, in the page, the anchor that an error points to. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly control: Control
  readonly needed: boolean
  readonly hint?: string
  readonly error?: string
  readonly value?: string | readonly string[]
  readonly autocomplete?: string
  /** What belongs to the answer and stands under it. */
  readonly below?: Html
  /** Beside every personal question: what it is needed for, and how long the answer is kept, each in the reader's words. */
  readonly why?: { readonly necessity: string; readonly kept: string }
}

/** A question with its label, hint, error beside it and, on its thread, why we ask and how long we keep it. */
export function field(language: Language, asked: Field): Html {
  const { name, control, error } = asked
  const label = labelOf(language, asked)
  const parts = hintAndError(language, asked)
  const classes = error ? 'field wrong' : 'field'
  if (control.kind === 'radios' || control.kind === 'checkboxes') {
    return html`<fieldset
      class="usa-fieldset ${classes}"
      ${attributes({ id: name, tabindex: -1, ...describedBy(asked) })}
    >
      <legend>${label}</legend>
      ${parts}${choices(asked, control)}${why(language, asked)}
    </fieldset>`
  }
  return html`<div class="${classes}">
    <label for="${name}">${label}</label>${parts}${input(asked)}${asked.below}${why(language, asked)}
  </div>`
}

/** Questions that belong together: one heading, hint, error and reason for all of them. */
export function fieldset(
  language: Language,
  asked: Omit<Field, 'control' | 'value' | 'autocomplete'> & {
    readonly inside: readonly (Html | false)[]
    readonly focused?: boolean
  },
): Html {
  return html`<fieldset
    class="usa-fieldset together${asked.error !== undefined && ' wrong'}"
    ${attributes({ id: asked.name, tabindex: -1, autofocus: asked.focused, ...describedBy(asked) })}
  >
    <legend>${labelOf(language, asked)}</legend>
    ${hintAndError(language, asked)}${why(language, asked)}${asked.inside}
  </fieldset>`
}

function labelOf(language: Language, { label, needed }: Pick<Field, 'label' | 'needed'>): Html {
  return html`${label}${!needed && html` <span class="maybe">${say(language, 'optional')}</span>`}`
}

function hintAndError(language: Language, { name, hint, error }: Pick<Field, 'name' | 'hint' | 'error'>): Html {
  return html`${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${
    error && fieldError(language, name, error)
  }`
}

/** What is wrong with an answer, beside its question. */
export function fieldError(language: Language, name: string, error: string): Html {
  return html`<p class="error" id="${name}-error">
    ${icon('wrong')}<span><span class="unseen">${say(language, 'errorWord')} </span>${error}</span>
  </p>`
}

/** Our signature. */
function why(language: Language, { name, why: reason }: Pick<Field, 'name' | 'why'>): Html | undefined {
  return (
    reason &&
    html`<p class="why" id="${name}-why">
      <span><b>${say(language, 'whyWeAsk')}</b> ${reason.necessity}</span>
      <span><b>${say(language, 'howLong')}</b> ${reason.kept}</span>
    </p>`
  )
}

function describedBy({
  name,
  hint,
  error,
  why: reason,
}: Pick<Field, 'name' | 'hint' | 'error' | 'why'>): Record<string, string | undefined> {
  const ids = [hint && `${name}-hint`, error && `${name}-error`, reason && `${name}-why`].filter(Boolean)
  return { 'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined }
}

function shared(asked: Field) {
  return {
    id: asked.name,
    name: asked.name,
    required: asked.needed,
    autocomplete: asked.autocomplete,
    'aria-invalid': asked.error ? 'true' : undefined,
    ...describedBy(asked),
  }
}

function input(asked: Field): Html {
  const { control, error, value } = asked
  const typed = typeof value === 'string' ? value : ''
  const wrong = error ? ' usa-input--error' : ''
  switch (control.kind) {
    case 'lines':
      // The line break after the tag is not part of the text, and saves a first line break that is.
      return html`<textarea class="usa-textarea${wrong}" rows="${control.rows ?? 6}" ${attributes(shared(asked))}>
${typed}</textarea>`
    case 'select':
      return html`<select class="usa-select${wrong}" ${attributes(shared(asked))}>
        <option value="">${control.empty}</option>
        ${options(control.choices, typed)}
      </select>`
    case 'files':
      return files(asked, control)
    case 'radios':
    case 'checkboxes':
      throw new TypeError(`${control.kind} is not one input`)
    default:
      return html`<input
        class="usa-input${wrong}${control.short && ' short'}"
        ${attributes({ ...typeOf(control.kind), value: typed, ...shared(asked) })}
      />`
  }
}

/** A number is typed as text: a spinner changes it by a slip of the wheel, and drops what it cannot read. */
function typeOf(kind: 'text' | 'email' | 'tel' | 'date' | 'number' | 'digits') {
  if (kind === 'digits') return { type: 'text', inputmode: 'numeric' }
  return kind === 'number' ? { type: 'text', inputmode: 'decimal' } : { type: kind }
}

function options(choices: readonly Choice[], typed: string): Html {
  const option = ({ value, label }: Choice) =>
    html`<option${attributes({ value, selected: value === typed })}>${label}</option>`
  const groups = Map.groupBy(choices, ({ group }) => group)
  return html`${[...groups].map(([group, inside]) =>
    group === undefined ? inside.map(option) : html`<optgroup label="${group}">${inside.map(option)}</optgroup>`,
  )}`
}

function choices(asked: Field, { kind, choices: offered }: Group): Html {
  const chosen = new Set([asked.value ?? []].flat())
  const [type, of] = kind === 'radios' ? (['radio', 'usa-radio'] as const) : (['checkbox', 'usa-checkbox'] as const)
  return html`${offered.map(({ value, label }, at) => {
    const id = `${asked.name}-${at}`
    const given = attributes({ id, type, name: asked.name, value, checked: chosen.has(value) })
    return html`<div class="${of}">
      <input class="${of}__input" ${given} /><label class="${of}__label" for="${id}">${label}</label>
    </div>`
  })}`
}

function files(asked: Field, { accept, many, kept, keptName, keptWords }: FilesControl): Html {
  const of = (choice: Choice) => [choice.value]
  return html`${
    kept.length > 0 &&
    html`<fieldset class="usa-fieldset kept">
      <legend>${keptWords}</legend>
      ${choices({ ...asked, name: keptName, value: kept.flatMap(of) }, { kind: 'checkboxes', choices: kept })}
    </fieldset>`
  }<input class="usa-file" type="file" ${attributes({ accept, multiple: many, ...shared(asked) })} />`
}
