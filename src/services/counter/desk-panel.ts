import { paragraphs } from '../../city/look/index.ts'
import { html, sql, type Html, type Tx } from '../../plumbing/index.ts'
import { unseal, type DataKey } from '../../trust/vault/index.ts'
import { readAttachments } from '../attachments/index.ts'
import { type CasePanel, type SeenOnDesk } from '../correspondence/index.ts'
import { say } from './messages.ts'

type Reading = {
  attachment: string
  state: 'waiting' | 'read' | 'unread'
  pages: number | null
  of_pages: number | null
  sealed: Buffer | null
}

/** On an open letter: what a machine read of its scans; and, where the person has no e-mail, the answer on paper. */
export const counterPanel: CasePanel = {
  onDesk: async (tx, seen): Promise<Html | undefined> => {
    const { key, beside } = seen
    if (!key) return undefined
    const readings = beside.has('counter') ? await readingsOf(tx, key) : undefined
    const parts = [readings, printingOf(seen)].filter((part) => part !== undefined)
    return parts.length > 0 ? html`${parts}` : undefined
  },
}

async function readingsOf(tx: Tx, key: DataKey): Promise<Html | undefined> {
  const rows = await tx.rows<Reading>(
    sql`select attachment, state, pages, of_pages, sealed from counter.readings_in_hand()`,
  )
  if (rows.length === 0) return undefined
  const names = new Map((await readAttachments(tx, key)).map(({ id, name }) => [id, name]))
  return html`<section class="readings" aria-labelledby="readings">
    <h2 id="readings">${say('en', 'readTitle')}</h2>
    <p class="soft small">${say('en', 'readLead')}</p>
    ${rows.map((row) => {
      const name = names.get(row.attachment) ?? ''
      if (row.state === 'waiting') return html`<p class="soft">${say('en', 'readWaiting', { name })}</p>`
      const words = row.sealed
        ? unseal(key, { table: 'reading', column: 'sealed', row: row.attachment }, row.sealed)
        : ''
      if (words.trim() === '') return html`<p class="soft">${say('en', 'readNothing', { name })}</p>`
      const [pages, all] = [row.pages ?? 0, row.of_pages ?? 0]
      return html`<details>
        <summary>${name}</summary>
        ${pages < all && html`<p class="soft">${say('en', 'readSome', { pages, all })}</p>`} ${paragraphs(words)}
      </details>`
    })}
  </section>`
}

function printingOf({ line, query, contact, letters = [] }: SeenOnDesk): Html | undefined {
  if (contact?.email !== undefined) return undefined
  const replies = letters.filter(({ kind }) => kind === 'reply')
  if (replies.length === 0) return undefined
  return html`<section class="readings" aria-labelledby="on-paper">
    <h2 id="on-paper">${say('en', 'paperTitle')}</h2>
    <p class="soft small">${say('en', 'paperLead')}</p>
    ${replies.map(
      ({ id }, at) =>
        html`<form method="post" action="/desk/cases/${line.id}/replies/${id}/print${query}">
          <button class="button outline" type="submit">${say('en', 'paperDo', { number: at + 1, of: replies.length })}</button>
        </form> `,
    )}
  </section>`
}
