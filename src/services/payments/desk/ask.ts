import { attributes, html, type Html } from '../../../plumbing/index.ts'

export type Option = Readonly<{ value: string; label: string }>
type More = Readonly<Record<string, string | number | boolean | undefined>>

/** One question of the cash office: `id` is its own on the page, since a page asks for several amounts. */
export type Asked = Readonly<{ id: string; name: string; label: string; hint?: string; value?: string; more?: More }>

export function line(asked: Asked): Html {
  return around(asked, html`<input ${attributes({ type: 'text', value: asked.value ?? '', ...given(asked) })} />`)
}

export function choice(asked: Asked, options: readonly Option[]): Html {
  return around(
    asked,
    html`<select ${attributes(given(asked))}>
      ${options.map(
        ({ value, label }) => html`<option ${attributes({ value, selected: value === asked.value })}>${label}</option>`,
      )}
    </select>`,
  )
}

export function radios({ id, name, label, value, more = {} }: Asked, options: readonly Option[]): Html {
  return html`<fieldset class="ask" id="${id}">
    <legend>${label}</legend>
    ${options.map(({ value: one, label: words }, at) => {
      const its = { type: 'radio', name, value: one, checked: one === value, ...(at === 0 && more) }
      return html`<label><input ${attributes(its)} /> ${words}</label> `
    })}
  </fieldset>`
}

function around({ id, label, hint }: Asked, control: Html): Html {
  return html`<div class="ask">
    <label for="${id}">${label}</label>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}${control}
  </div>`
}

function given({ id, name, hint, more }: Asked) {
  return { id, name, autocomplete: 'off', 'aria-describedby': hint === undefined ? undefined : `${id}-hint`, ...more }
}
