import type { City } from '../../../city/index.ts'
import { factsList } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import type { Charge } from '../charge.ts'
import { billOf } from '../charge-words.ts'

/** A charge as a bill: its lines, what is waived of them and why, and what remains. */
export function bill(city: City, language: Language, charge: Charge): Html {
  return html`<div class="bill">
    ${factsList(
      billOf(city, language, charge).map(({ what, amount, sum }) =>
        sum ? [html`<strong>${what}</strong>`, html`<strong>${amount}</strong>`] : [what, amount],
      ),
    )}
  </div>`
}
