import { moment } from '../../../city/look/index.ts'
import type { City } from '../../../city/index.ts'
import { html, sql, type Html, type Tx } from '../../../plumbing/index.ts'
import type { Temporal } from 'temporal-polyfill'
import { unsealKey, type DataKey, type SubjectId } from '../../../trust/vault/index.ts'
import type { CasePanel } from '../../correspondence/index.ts'
import { say } from './messages.ts'
import { readingIn } from './undecided.ts'

type MailRow = {
  id: string
  kind: 'letter' | 'addition' | 'bounce' | 'automatic' | 'unreadable' | 'agency'
  received_at: Temporal.Instant
  subject: SubjectId
  sealed_key: Buffer
  sealed_reading: Buffer
}

const mailsOf = (tx: Tx): Promise<MailRow[]> =>
  tx.rows<MailRow>(sql`select id, kind, received_at, subject, sealed_key, sealed_reading from mailroom.of_case()`)

const keyIn = (key: DataKey, { id, subject, sealed_key }: MailRow): DataKey =>
  unsealKey(key, { table: 'received', column: 'sealed_key', row: id }, subject, sealed_key)

/** The mails of a case, below its letters: what the check of the sender said, and the original, while it is open. */
export function mailPanel(city: City): CasePanel {
  return {
    async onDesk(tx, { line, key, beside }): Promise<Html | undefined> {
      const mails = beside.has('mailroom') ? await mailsOf(tx) : []
      if (mails.length === 0) return undefined
      return html`<section class="record" aria-labelledby="received-mails">
        <h2 id="received-mails">${say('en', 'panel')}</h2>
        <ul class="rows">
          ${mails.map(
            (mail) =>
              html`<li>
                <span>${say('en', `kind-${mail.kind}`)}</span>
                <span class="soft">${moment('en', mail.received_at, city.timeZone)}</span>
                ${
                  key &&
                  html`<span class="soft"
                      >${say('en', `check-${readingIn(keyIn(key, mail), mail.id, mail.sealed_reading).verdict.sender}`)}</span
                    >
                    <a href="/desk/cases/${line.id}/originals/${mail.id}" download>${say('en', 'original')}</a>`
                }
              </li> `,
          )}
        </ul>
      </section>`
    },
  }
}

/** The key to one mail of the case in hand; undefined where it has no such mail. */
export async function keyOnCase(tx: Tx, key: DataKey, mail: string): Promise<DataKey | undefined> {
  const row = (await mailsOf(tx)).find(({ id }) => id === mail)
  return row && keyIn(key, row)
}
