import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import type { IntakeField, Typed } from '../read-intake.ts'

/** One question of the intake page: label, what it is for, the error beside it, and its control. */
export type Asked = Readonly<{
  name: IntakeField
  label: string
  hint?: string
  error?: string | undefined
  typed: Typed
  more?: Readonly<Record<string, string | number | boolean | undefined>>
}>

export function line(asked: Asked, type = 'text'): Html {
  return around(asked, html`<input ${attributes({ type, value: asked.typed[asked.name], ...given(asked) })} />`)
}

export function box(asked: Asked, rows: number): Html {
  const area = html`<textarea ${attributes({ rows, ...given(asked) })}>
${asked.typed[asked.name]}</textarea>`
  return around(asked, area)
}

export type Option = Readonly<{ value: string; label: string }>

export function choice(asked: Asked, options: readonly Option[]): Html {
  const chosen = asked.typed[asked.name]
  const inside = options.map(
    ({ value, label }) => html`<option ${attributes({ value, selected: value === chosen })}>${label}</option>`,
  )
  return around(
    asked,
    html`<select ${attributes(given(asked))}>
      ${inside}
    </select>`,
  )
}

export function radios({ name, label, error, typed }: Asked, options: readonly Option[]): Html {
  return html`<fieldset class="ask${error && ' wrong'}" id="${name}" tabindex="-1">
    <legend>${label}</legend>
    ${errorOf(name, error)}
    ${options.map(({ value, label: words }) => {
      const its = attributes({ type: 'radio', name, value, checked: typed[name] === value })
      return html`<label><input ${its} /> ${words}</label> `
    })}
  </fieldset>`
}

function around({ name, label, hint, error }: Asked, control: Html): Html {
  return html`<div class="ask${error && ' wrong'}">
    <label for="${name}">${label}</label>
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${errorOf(name, error)}${control}
  </div>`
}

function errorOf(name: string, error: string | undefined): Html | undefined {
  if (error === undefined) return undefined
  return html`<p class="error" id="${name}-error"><span class="unseen">${say('en', 'error')}</span> ${error}</p>`
}

function given({ name, hint, error, more }: Asked) {
  const ids = [error !== undefined && `${name}-error`, hint !== undefined && `${name}-hint`].filter(Boolean)
  return {
    id: name,
    name,
    'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined,
    'aria-invalid': error === undefined ? undefined : 'true',
    autocomplete: 'off',
    ...more,
  }
}
