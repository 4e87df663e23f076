import { createHash, hash, randomBytes, randomUUID } from 'node:crypto'
import type { FormId, RefundReasonId, TillId, TopicId, WaiverReasonId } from '../../city/index.ts'
import { isMistaken, sql } from '../../plumbing/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { codeFor, receiveWith, tokenFrom, type House, type ReceiptCode } from '../correspondence/index.ts'
import { demand } from './demand.ts'
import { moneyOf } from './money.ts'
import { cancelCharge, findCharge, judgeRefund, refund, takePayment, waive, type CashOutcome } from './on-charge.ts'
import type { PaymentReference } from './reference.ts'
import { readSampleCharges, type SampleCharge, type SampleHappening } from './sample-file.ts'

const inCents = (dollars: string) => moneyOf(Number(dollars.replace('.', '')))
/** So that a start can say where a sample receipt is: the code of the first follows from the city's keys. */
const tokenOf = (keys: Keys, n: number) =>
  tokenFrom(keys, hash('sha256', `sample charge ${String(n)}`, 'buffer').subarray(0, 16))

/** The receipt code of the first sample charge, which is due. */
export const sampleReceiptCode = (keys: Keys): ReceiptCode => codeFor(keys, tokenOf(keys, 0))

/**
 * Lets the sample's letters with fees come in, as the owner, and what happened to their charges happen by the same acts as
 * any. For a database that has just been filled with the sample's other letters.
 */
export async function loadSampleCharges(house: House, folder: string): Promise<{ charges: number }> {
  const charges = readSampleCharges(folder, house.city)
  if (isMistaken(charges)) throw new Error(`sample: ${charges.mistakes.map(({ says }) => says).join(' ')}`)
  const staff = new Map<string, StaffActor>()
  for (const [n, told] of charges.entries()) {
    const reference = await comeIn(house, told, n)
    for (const event of told.happened ?? []) {
      const actor = staff.get(event.by) ?? (await signIn(house, event.by))
      staff.set(event.by, actor)
      const outcome = await happen(house, actor, reference, event)
      if ('refused' in outcome) throw new Error(`sample: '${event.does}' was refused: ${outcome.refused}`)
    }
  }
  await house.db.once(sql`delete from need_to_know.session`)
  return { charges: charges.length }
}

async function comeIn(house: House, told: SampleCharge, n: number): Promise<PaymentReference> {
  const { topic, language, name, words, lines } = told
  const label = { en: 'Your letter', es: 'Su carta' }[language]
  return house.db.transaction(async (tx) => {
    const { caseId } = await receiveWith(
      house,
      tx,
      {
        channel: 'form',
        form: 'contact-the-city' as FormId,
        formVersion: 1,
        topic: topic as TopicId,
        language,
        answers: [{ field: 'message', label, value: words }],
        contact: { name },
      },
      tokenOf(house.keys, n),
    )
    const fees = lines.map(({ label, amount, rule, waived }) => ({
      label,
      amount: inCents(amount),
      rule,
      ...(waived && { waived: { amount: inCents(waived.amount), reason: waived.reason } }),
    }))
    const demanded = await demand(tx, { caseId, lines: fees })
    if ('refused' in demanded) throw new Error(`sample: a charge was refused: ${demanded.refused}`)
    return demanded.reference
  })
}

async function signIn({ db }: House, handle: string): Promise<StaffActor> {
  const secret = randomBytes(32)
  const made = await db.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
    select ${createHash('sha256').update(secret).digest()}, e.id, 'password', clock_timestamp() + interval '1 hour'
    from need_to_know.employee e where e.handle = ${handle} returning id`)
  if (made.length === 0) throw new Error(`sample: nobody is called ${handle}`)
  return { kind: 'staff', secret }
}

async function happen(
  house: House,
  actor: StaffActor,
  reference: PaymentReference,
  event: SampleHappening,
): Promise<CashOutcome> {
  const charge = await findCharge(house, actor, reference)
  if (!charge) return { refused: 'not-there' }
  const of = { charge: charge.id, version: charge.version }
  const id = randomUUID()
  const till = ('payment' in charge ? charge.payment.till : undefined) ?? ('city-hall-1' as TillId)
  switch (event.does) {
    case 'pay':
      return takePayment(house, actor, of, { id, way: event.way, till: event.till as TillId })
    case 'refund': {
      const back = { id, amount: inCents(event.amount), reason: event.reason as RefundReasonId, till }
      return refund(house, actor, of, back)
    }
    case 'agree': {
      const asked = charge.refunds.find(({ state }) => state === 'asked')
      return asked ? judgeRefund(house, actor, of, { id: asked.id, agrees: true, till }) : { refused: 'changed' }
    }
    case 'waive':
      return waive(house, actor, of, { amount: inCents(event.amount), reason: event.reason as WaiverReasonId })
    case 'cancel':
      return cancelCharge(house, actor, of)
    default:
      return event satisfies never
  }
}
