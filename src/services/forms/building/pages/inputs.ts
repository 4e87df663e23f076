import type { Text } from '../../../../city/index.ts'
import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import { say } from '../messages.ts'

/** What is wrong at a place, in sentences. */
export type Says = readonly string[]

export type Input = Readonly<{
  name: string
  label: string
  value?: string | number | undefined
  hint?: string
  says?: Says
  lang?: 'en' | 'es'
  more?: Readonly<Record<string, string | number | boolean | undefined>>
}>

/** A posted name as an identifier in the page, which errors point to. */
export const idOf = (name: string): string => name.replaceAll('.', '-')

const given = ({ name, hint, says = [], lang, more }: Input) => {
  const id = idOf(name)
  const described = [hint && `${id}-hint`, says.length > 0 && `${id}-error`].filter(Boolean).join(' ')
  return {
    id,
    name,
    lang: lang === 'es' ? 'es' : undefined,
    autocomplete: 'off',
    'aria-describedby': described || undefined,
    'aria-invalid': says.length > 0 ? 'true' : undefined,
    ...more,
  }
}

function around(input: Input, control: Html): Html {
  const id = idOf(input.name)
  return html`<div class="ask${(input.says ?? []).length > 0 && ' wrong'}">
    <label for="${id}">${input.label}</label>
    ${input.hint && html`<p class="hint" id="${id}-hint">${input.hint}</p>`} ${errorAt(id, input.says)} ${control}
  </div>`
}

export function errorAt(id: string, says: Says = []): Html | undefined {
  if (says.length === 0) return undefined
  return html`<p class="error" id="${id}-error"><span class="unseen">${say('en', 'mistake')}</span> ${says.join(' ')}</p>`
}

export const line = (input: Input): Html =>
  around(input, html`<input ${attributes({ type: 'text', value: input.value ?? '', ...given(input) })} />`)

export const box = (input: Input, rows = 2): Html =>
  around(
    input,
    html`<textarea ${attributes({ rows, ...given(input) })}>
${input.value ?? ''}</textarea>`,
  )

export type Option = Readonly<{ value: string; label: string; group?: string }>

export function choose(input: Input, options: readonly Option[]): Html {
  const option = ({ value, label }: Option) =>
    html`<option ${attributes({ value, selected: value === String(input.value ?? '') })}>${label}</option>`
  const groups = [...new Set(options.map(({ group }) => group))]
  return around(
    input,
    html`<select ${attributes(given(input))}>
      ${groups.map((group) => {
        const inside = options.filter((one) => one.group === group).map(option)
        return group === undefined ? inside : html`<optgroup label="${group}">${inside}</optgroup>`
      })}
    </select>`,
  )
}

export const check = (name: string, label: string, checked: boolean, hint?: string): Html => {
  const id = idOf(name)
  const its = attributes({
    type: 'checkbox',
    id,
    name,
    value: 'yes',
    checked,
    'aria-describedby': hint && `${id}-hint`,
  })
  return html`<div class="ask check">
    <label><input ${its} /> ${label}</label>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`
}

/** Words in English, and beside them in Spanish. */
export function both(
  name: string,
  label: string,
  text: Text | undefined,
  {
    hint,
    says,
    long = false,
  }: Readonly<{ hint?: string; says?: (language: 'en' | 'es') => Says; long?: boolean }> = {},
): Html {
  const one = (language: 'en' | 'es') => {
    const input: Input = {
      name: `${name}.${language}`,
      label: say('en', language === 'en' ? 'inEnglish' : 'inSpanish', { label }),
      value: text?.[language] ?? '',
      lang: language,
      ...(hint !== undefined && language === 'en' && { hint }),
      ...(says && { says: says(language) }),
      more: { maxlength: 4000 },
    }
    return long ? box(input) : line(input)
  }
  return html`<div class="both">${one('en')}${one('es')}</div>`
}

export const button = (
  name: string,
  value: string,
  label: string,
  more: Readonly<Record<string, string | boolean | undefined>> = {},
): Html => html`<button ${attributes({ type: 'submit', name, value, class: 'quiet', ...more })}>${label}</button>`
