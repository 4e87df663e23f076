import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { CaseId, FormId, TillId, TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { issueToken, receiveWith, type ReceiptCode } from '../../correspondence/index.ts'
import type { Charge } from '../charge.ts'
import { demand, type FeeLine } from '../demand.ts'
import { moneyOf } from '../money.ts'
import { findCharge } from '../on-charge.ts'
import type { PaymentReference } from '../reference.ts'

export const window1 = 'city-hall-1' as TillId

export const fee = (cents: number, changed: Partial<FeeLine> = {}): FeeLine => ({
  label: { en: 'Summer camp, one week', es: 'Campamento de verano, una semana' },
  amount: moneyOf(cents),
  rule: 'per-week',
  ...changed,
})

export type Charged = Readonly<{ caseId: CaseId; code: ReceiptCode; reference: PaymentReference }>

/** The sample city, with a cash office of three and letters that cost something. */
export type PaymentTest = TestHouse & {
  cashier: Clerk
  lead: Clerk
  other: Clerk
  librarian: Clerk
  coordinator: Clerk
  /** A letter to Recreation with these fees, as the forms room takes it in. */
  charged(...lines: FeeLine[]): Promise<Charged>
  /** As the cash office sees it. */
  found(reference: PaymentReference): Promise<Charge>
  /** What the ledger has of a case, but its first entry. */
  acts(caseId: CaseId): Promise<readonly { act: string; detail: string | null; duty: string | null }[]>
}

export async function openPaymentHouse(): Promise<PaymentTest> {
  const house = await openTestHouse()
  const lead = await house.hire('lena', 'cash-office-lead')
  return {
    ...house,
    cashier: await house.hire('cass', 'cashier'),
    lead,
    other: await house.hire('otto', 'cash-office-lead'),
    librarian: await house.hire('lee', 'librarian'),
    coordinator: await house.hire('rita', 'recreation-coordinator'),
    charged: (...lines) => charged(house, lines),
    found: async (reference) => {
      const charge = await findCharge(house, lead.actor, reference)
      if (!charge) throw new Error('there is no such charge')
      return charge
    },
    acts: (caseId) =>
      house.database.owner.once(
        sql`select act, detail, duty from ledger.entry where case_id = ${caseId} and act <> 'letter.received' order by subject_count`,
      ),
  }
}

export const letter = {
  channel: 'form',
  form: 'contact-the-city' as FormId,
  formVersion: 1,
  topic: 'activities' as TopicId,
  language: 'en',
  answers: [{ field: 'message', label: 'Your letter', value: 'Camp for Quentin Ashgrove, please.' }],
  contact: { name: 'Quentin Ashgrove' },
} as const

async function charged(house: TestHouse, lines: readonly FeeLine[]): Promise<Charged> {
  return house.db.transaction(async (tx) => {
    const { caseId, code } = await receiveWith(house, tx, letter, issueToken(house.keys))
    const demanded = await demand(tx, { caseId, lines: lines.length > 0 ? lines : [fee(12_000)] })
    if ('refused' in demanded) throw new Error(demanded.refused)
    return { caseId, code, reference: demanded.reference }
  })
}
