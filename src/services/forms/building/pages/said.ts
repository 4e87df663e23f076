import { notice } from '../../../../city/look/index.ts'
import { html, type Html } from '../../../../plumbing/index.ts'

/** What became of the last post, above everything. */
export const saidAbove = ({ done, wrong }: Readonly<{ done?: string; wrong?: string }>): Html =>
  html`${done && html`<div role="status">${notice('done', html`<p>${done}</p>`)}</div>`}
  ${wrong && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`}`
