import { findAddress, isRefusal, type City } from '../../../city/index.ts'
import { attributes, html, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'

/**
 * What comes closest to an address that is not in the city’s list, to choose from: beside the question, without a script.
 * Undefined where nothing comes close.
 */
export function nearAddresses(city: City, language: Language, name: string, typed: string): Html | undefined {
  const found = findAddress(city, typed)
  if (!found || !isRefusal(found) || found.near.length === 0) return undefined
  const choices = [
    ...found.near.map((near) => ({ value: near, label: near })),
    { value: '', label: say(language, 'addressNone') },
  ]
  return html`<fieldset class="usa-fieldset near-addresses">
    <legend>${say(language, 'addressNear')}</legend>
    ${choices.map(({ value, label }, at) => {
      const id = `${name}-pick-${String(at)}`
      const given = attributes({ id, type: 'radio', name: `${name}-pick`, value, checked: value === '' })
      return html`<div class="usa-radio">
        <input class="usa-radio__input" ${given} /><label class="usa-radio__label" for="${id}">${label}</label>
      </div>`
    })}
  </fieldset>`
}
