import type { Temporal } from 'temporal-polyfill'
import { attributes, html, type Html, type Language, type Piece } from '../../plumbing/index.ts'
import { moment } from './dates.ts'
import { icon, seals } from './icons.ts'
import { say } from './messages.ts'

/** One thing that was done: what, when, by which duty and for which reason, and the proof that it stands in the ledger. */
export interface Evidence {
  readonly did: Piece
  readonly at?: Temporal.Instant
  /** Duty, department, reason: in this order, each in words. A person is never named. */
  readonly because: readonly Piece[]
  /** Its number in the running count of the person's entries, in which a gap would show. */
  readonly entry?: number
  /** The proof to fetch, or words where there is none yet. */
  readonly proof?: { readonly href: string } | string
  /** It went past the usual way, and is to stand out. */
  readonly alarm?: boolean
}

/** The one form in which anything is proved on this site. */
export function evidenceList(language: Language, timeZone: string, rows: readonly Evidence[]): Html {
  const [{ entry: number, at: when } = {}] = rows
  const { first, other } = seals(`seal-${String(number ?? when?.epochMilliseconds ?? 'of-a-row')}`)
  return html`<ul class="evidence">
    ${rows.map(
      ({ did, at, because, entry, proof, alarm }, row) =>
        html`<li ${attributes({ class: alarm ? 'alarm' : undefined })}>
          ${row === 0 ? first : other}
          <div>
            <p class="did">${did}${at && html` ${moment(language, at, timeZone)}`}</p>
            <p class="because">${because.map((part) => html`<span>${part}</span>`)}</p>
          </div>
          ${(entry !== undefined || proof) && proofCell(language, entry, proof)}
        </li> `,
    )}
  </ul>`
}

function proofCell(language: Language, entry: number | undefined, proof: Evidence['proof']): Html {
  const number = entry ?? ''
  const link = (href: string) =>
    html`<a class="proof" href="${href}" aria-label="${say(language, 'proofOf', { number })}"
      >${icon('save')} ${say(language, 'proof')}</a
    >`
  return html`<div class="proof-cell">
    ${typeof proof === 'string' ? html`<span class="soft small">${proof}</span>` : proof && link(proof.href)}
    ${entry !== undefined && html`<span class="number">${say(language, 'entry', { number })}</span>`}
  </div>`
}
