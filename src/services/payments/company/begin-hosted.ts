import type { Temporal } from 'temporal-polyfill'
import { inLanguage, sql, type Language } from '../../../plumbing/index.ts'
import type { PaymentHouse } from '../house.ts'
import { moneyOf } from '../money.ts'
import { inGroups, type PaymentReference } from '../reference.ts'
import type { PaymentCompany } from './company.ts'

export type Begun = Readonly<{ url: string }> | Readonly<{ refused: 'nothing-due' | 'later' | 'away'; fault?: unknown }>

type Row = {
  outcome: 'begun' | 'go' | 'nothing-due' | 'later'
  id: string
  amount: number
  language: Language
  expires_at: Temporal.Instant
  url: string | null
}

/**
 * Sends somebody who chose it to the payment company's page. First a row is committed, with the disclosure in the ledger;
 * then the company is asked under that row's key; then what it made is written down; only then is anybody sent. A crash
 * between any two leaves a row from which the next try goes on, to the same session. Refusals: `nothing-due`, `later` (too
 * many wrong references), `away` (the company gave no answer, or an address that is not its own).
 */
export async function beginHosted(
  house: PaymentHouse,
  company: PaymentCompany,
  reference: PaymentReference,
  language: Language,
): Promise<Begun> {
  const [row] = await house.db.once<Row>(sql`select * from payments.begin_hosted(${reference}, ${language})`)
  if (!row) throw new Error('payments.begin_hosted gave no outcome')
  if (row.outcome === 'nothing-due' || row.outcome === 'later') return { refused: row.outcome }
  if (row.url !== null) return isTheirs(company, row.url) ? { url: row.url } : { refused: 'away' }
  const at = (path: string) => house.publicUrl + inLanguage(row.language, path)
  try {
    const { session, url } = await company.open({
      id: row.id,
      reference,
      amount: moneyOf(row.amount),
      language: row.language,
      description: `${house.city.name[row.language]}: ${inGroups(reference)}`,
      expiresAt: row.expires_at,
      paidUrl: at(`/pay/${reference}/done`),
      backUrl: at(`/pay/${reference}`),
    })
    if (!isTheirs(company, url)) throw new Error('the payment company gave an address that is not its own')
    const [opened] = await house.db.once<{ payable: boolean }>(
      sql`select payments.opened_hosted(${row.id}, ${session}, ${url}) as payable`,
    )
    return opened?.payable ? { url } : { refused: 'nothing-due' }
  } catch (fault) {
    return { refused: 'away', fault }
  }
}

function isTheirs({ pageOrigin }: PaymentCompany, url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === pageOrigin
}
