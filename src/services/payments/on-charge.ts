import { sql, type Sql } from '../../plumbing/index.ts'
import { enterStaff, type Staff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { CaseId, City, Power, WaiverReasonId, RefundReasonId, TillId } from '../../city/index.ts'
import type { House } from '../correspondence/index.ts'
import { chargeOf, type Charge, type ChargeId, type CounterWay, type ShownCharge } from './charge.ts'
import type { Money } from './money.ts'
import type { PaymentReference } from './reference.ts'

/** Not permitted and not there are one answer. */
export type CashRefusal =
  | 'not-there'
  | 'changed'
  | 'not-due'
  | 'not-paid'
  | 'no-such-till'
  | 'no-such-reason'
  | 'not-an-amount'
  | 'too-much'
  | 'too-late'
  | 'own'

/** `asked`: a second person has to agree first. */
export type CashOutcome = Readonly<{ done: 'done' | 'asked' }> | Readonly<{ refused: CashRefusal }>

/** Which charge, as it was when the employee saw it; with `caseId` from the case on her desk. */
export type OfCharge = Readonly<{ charge: ChargeId; version: number; caseId?: CaseId }>

/** One act of an employee on one charge: the database asks for the power, writes, and writes the ledger. */
async function act(house: House, actor: StaffActor, caseId: CaseId | undefined, call: Sql): Promise<CashOutcome> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor, caseId))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'again' | 'asked' | CashRefusal }>(sql`select ${call} as outcome`)
    if (!row) throw new Error('an act on a charge gave no outcome')
    switch (row.outcome) {
      case 'done':
      case 'again':
        return { done: 'done' }
      case 'asked':
        return { done: 'asked' }
      default:
        return { refused: row.outcome }
    }
  })
}

/**
 * Finds a charge by its reference, for a duty that collects: lines, amounts and what happened, never the letter or the
 * person. That it was seen is in the person's ledger, once in a quarter of an hour.
 */
export async function findCharge(
  house: House,
  actor: StaffActor,
  reference: PaymentReference,
): Promise<Charge | undefined> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    const row = await tx.row<{ found: ShownCharge | null }>(sql`select payments.find(${reference}) as found`)
    return row?.found ? chargeOf(row.found) : undefined
  })
}

/** Takes the whole of what is owed at a till. The same `id` again is the same payment. */
export function takePayment(
  house: House,
  actor: StaffActor,
  { charge, version }: OfCharge,
  paid: Readonly<{ id: string; way: CounterWay; till: TillId; slip?: string }>,
): Promise<CashOutcome> {
  const { id, way, till, slip = null } = paid
  return act(
    house,
    actor,
    undefined,
    sql`payments.take_payment(${id}, ${charge}, ${version}, ${way}, ${till}, ${slip})`,
  )
}

/** Waives some or all of what is owed, for a reason of the city's list. */
export function waive(
  house: House,
  actor: StaffActor,
  { charge, version, caseId }: OfCharge,
  { amount, reason }: Readonly<{ amount: Money; reason: WaiverReasonId }>,
): Promise<CashOutcome> {
  return act(house, actor, caseId, sql`payments.waive(${charge}, ${version}, ${amount}, ${reason})`)
}

/** Takes back a demand that was not to be made; only while it is due. */
export function cancelCharge(
  house: House,
  actor: StaffActor,
  { charge, version, caseId }: OfCharge,
): Promise<CashOutcome> {
  return act(house, actor, caseId, sql`payments.cancel(${charge}, ${version})`)
}

/**
 * Pays back some or all of what was paid. Above the city's limit it is `asked`, and a second person has to agree; what is
 * asked for is set aside, so that refunds together never exceed the payment. The same `id` again is the same refund.
 */
export function refund(
  house: House,
  actor: StaffActor,
  { charge, version }: OfCharge,
  back: Readonly<{ id: string; amount: Money; reason: RefundReasonId; till?: TillId }>,
): Promise<CashOutcome> {
  const { id, amount, reason, till = null } = back
  const call = sql`payments.ask_refund(${id}, ${charge}, ${version}, ${amount}, ${reason}, ${till})`
  return act(house, actor, undefined, call)
}

/** A second person agrees to a refund or declines it. Refusal `own`: she asked for it herself. */
export function judgeRefund(
  house: House,
  actor: StaffActor,
  { charge, version }: OfCharge,
  judged: Readonly<{ id: string; agrees: boolean; till?: TillId }>,
): Promise<CashOutcome> {
  const { id, agrees, till = null } = judged
  return act(house, actor, undefined, sql`payments.judge_refund(${charge}, ${id}, ${version}, ${agrees}, ${till})`)
}

/** Whether a duty of hers is the cash office's and has this power; the database asks again. */
export function mayAtCashOffice(city: City, { duties }: Pick<Staff, 'duties'>, power: Power): boolean {
  return duties.some((id) => {
    const may = city.duties.get(id)?.may ?? []
    return may.includes('collect') && may.includes(power)
  })
}
