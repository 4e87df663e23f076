import { attributes, html, type Html } from '../../../plumbing/index.ts'

type Errors = readonly Readonly<{ name: string; says: string }>[]

export function checkbox(name: string, checked: boolean, words: string, errors: Errors, value = 'yes'): Html {
  const error = errors.find((one) => one.name === name)?.says
  return html`${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
    <div class="usa-checkbox">
      <input class="usa-checkbox__input" ${attributes({ id: name, type: 'checkbox', name, value, checked })} /><label
        class="usa-checkbox__label"
        for="${name}"
        >${words}</label
      >
    </div>`
}
