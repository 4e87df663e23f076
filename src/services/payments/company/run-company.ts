import { keepDoing, sql, type Db } from '../../../plumbing/index.ts'
import { moneyOf } from '../money.ts'
import type { PaymentCompany, SessionNow } from './company.ts'

/** So many are asked about at once. */
const most = 20
const restMs = 500

export type CompanyWork = Readonly<{ keeper: Db; company: PaymentCompany }>

type HostedRow = { id: string; company_session: string; reference: string; amount: number; ending: boolean }
type RefundRow = {
  charge: string
  id: string
  amount: number
  company_payment: string
  company_refund: string | null
}

/**
 * Asks the company what became of each payment that was begun, and tells it what is to be paid back, until `signal` ends it.
 * A webhook only makes it ask sooner; where every webhook is lost, it asks by itself.
 */
export function runCompany(work: CompanyWork, signal: AbortSignal, trouble: (error: unknown) => void): Promise<void> {
  return keepDoing({ work: () => askCompany(work, trouble), every: restMs, onFault: trouble, signal })
}

/** One round; true where there may be more. What fails is leased already, and comes again later. */
export async function askCompany(work: CompanyWork, trouble: (error: unknown) => void): Promise<boolean> {
  const { keeper } = work
  const asked = await keeper.once<HostedRow>(sql`select * from payments.lease_hosted(${most})`)
  for (const row of asked) await settleHosted(work, row).catch(trouble)
  const due = await keeper.once<RefundRow>(sql`select * from payments.lease_refunds(${most})`)
  for (const row of due) await settleRefund(work, row).catch(trouble)
  return asked.length === most || due.length === most
}

async function settleHosted({ keeper, company }: CompanyWork, row: HostedRow): Promise<void> {
  const now = row.ending ? await company.end(row.company_session) : await company.look(row.company_session)
  const { state, amount, currency, payment } = told(row, now)
  await keeper.once(sql`select payments.settle_hosted(${row.id}, ${state}, ${amount}, ${currency}, ${payment})`)
}

type Told = Readonly<{
  state: SessionNow['state']
  amount: number | null
  currency: string | null
  payment: string | null
}>

/** A session that is not for this row and reference is no payment of ours, whatever it says was paid. */
function told(row: HostedRow, now: SessionNow): Told {
  if (now.state !== 'paid') return { state: now.state, amount: null, currency: null, payment: null }
  const isOurs = now.id === row.id && now.reference === row.reference
  return { state: 'paid', amount: isOurs ? now.amount : null, currency: now.currency, payment: now.payment }
}

/** Told twice under one key, the company pays back once: a crash after it was told costs nothing. */
async function settleRefund({ keeper, company }: CompanyWork, row: RefundRow): Promise<void> {
  const { charge, id, amount, company_payment: payment, company_refund: refund } = row
  const now =
    refund === null ? await company.refund({ id, payment, amount: moneyOf(amount) }) : await company.lookRefund(refund)
  await keeper.once(sql`select payments.settle_refund(${charge}, ${id}, ${now.state}, ${now.refund ?? null})`)
}
