import { html, sql, type Html, type Tx } from '../../plumbing/index.ts'
import { say } from './messages.ts'

const most = 100

/** The line in the rail that says how many cases call for the clerk: hers that are due or late, and those nobody has. */
export async function callingLine(tx: Tx): Promise<Html> {
  const row = await tx.row<{ calling: number }>(sql`select routing.calling() as calling`)
  const count = row?.calling ?? 0
  return html`<li class="${count === 0 && 'none'}">
    <a href="/desk/ageing"
      >${say('en', 'rail')} <span class="count">${count >= most ? say('en', 'many') : String(count)}</span></a
    >
  </li> `
}
