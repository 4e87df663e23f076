import type { City } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

/**
 * Tells the database what the city's file says of payments, after the city's files are in, as the owner. Reasons and tills
 * that are no longer in the file stay, ended: old charges name them.
 */
export async function installPaymentRules(tx: Tx, { payments }: City): Promise<void> {
  const waivers = [...(payments?.waivers.keys() ?? [])]
  const refunds = [...(payments?.refunds.reasons.keys() ?? [])]
  const tills = [...(payments?.tills.keys() ?? [])]
  await tx.rows(sql`update payments.reason set active = false`)
  await tx.rows(sql`insert into payments.reason (kind, id)
    select 'waiver', unnest(${waivers}::text[]) union all select 'refund', unnest(${refunds}::text[])
    on conflict (kind, id) do update set active = true`)
  await tx.rows(sql`update payments.till set active = false`)
  await tx.rows(
    sql`insert into payments.till (id) select unnest(${tills}::text[]) on conflict (id) do update set active = true`,
  )
  if (!payments) await tx.rows(sql`delete from payments.rules`)
  else
    await tx.rows(sql`insert into payments.rules (second_above, refund_within)
      values (${payments.refunds.secondPersonAbove}, ${payments.refunds.withinDays})
      on conflict (one) do update set second_above = excluded.second_above, refund_within = excluded.refund_within`)
}
