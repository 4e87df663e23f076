import { html, type Html } from '../../plumbing/index.ts'

/** A telephone number that a phone can call. Ten digits are taken for a North American number. */
export function phoneLink(number: string): Html {
  const digits = number.replace(/\D/g, '')
  const dialled = digits.length === 10 ? `+1${digits}` : digits.length === 11 ? `+${digits}` : digits
  return html`<a href="tel:${dialled}" class="nowrap">${number}</a>`
}

export function mailLink(address: string): Html {
  return html`<a href="mailto:${address}">${address}</a>`
}
