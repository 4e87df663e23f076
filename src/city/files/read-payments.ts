import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Type, isMistaken, readYaml, type Mistake, type Mistaken } from '../../plumbing/index.ts'
import type { RetentionId } from '../ids.ts'
import type { PaymentRules, RefundReasonId, TillId, WaiverReasonId } from '../payments.ts'
import type { Facts } from './assemble.ts'
import { mustBeKnown } from './check-references.ts'
import { closed, id, table, text, words } from './shapes.ts'

const dollars = Type.String({
  pattern: '^\\d{1,6}\\.\\d{2}$',
  description: "dollars and cents in quotation marks, for example '100.00'",
})
const days = Type.Integer({ minimum: 1, maximum: 3650, description: 'days, 1 to 3650' })

const paymentsFile = Type.Object(
  {
    counter: Type.Object({ address: words, hours: text, takes: text }, closed),
    check: Type.Optional(Type.Object({ 'payable-to': words, address: words }, closed)),
    bank: Type.Optional(text),
    tills: table(text),
    waivers: table(text),
    refunds: Type.Object({ reasons: table(text), 'second-person-above': dollars, 'within-days': days }, closed),
    retention: id,
  },
  closed,
)

/** What the city gives back by itself carries this reason; no clerk may choose it. */
const ownReasons = ['not-owed', 'by-rule']

/** How people pay the city; undefined where there is no `payments.yaml`. Somebody must be there to take what they bring. */
export function readPayments(folder: string, city: Facts): PaymentRules | Mistaken | undefined {
  const path = join(folder, 'payments.yaml')
  if (!existsSync(path)) return undefined
  const file = readYaml(path, paymentsFile)
  if (isMistaken(file)) return file
  const { counter, check: byCheck, bank, tills, waivers, refunds, retention } = file.value
  const mistakes: Mistake[] = mustBeKnown(
    file,
    ['retention'],
    retention,
    Object.fromEntries(city.retention),
    'a class of retention.yaml',
  )
  for (const own of ownReasons.filter((one) => one in refunds.reasons))
    mistakes.push(
      file.mistake(
        ['refunds', 'reasons', own],
        `“${own}” is what the program says where money goes back without anybody asking.`,
        'another name',
        'key',
      ),
    )
  if (![...city.duties.values()].some(({ may }) => may.includes('collect')))
    mistakes.push(
      file.mistake(
        ['tills'],
        'Nobody takes the money at these tills.',
        'a duty in duties.yaml that may collect',
        'key',
      ),
    )
  if (mistakes.length > 0) return { mistakes }
  return {
    counter,
    ...(byCheck && { check: { payableTo: byCheck['payable-to'], address: byCheck.address } }),
    ...(bank && { bank }),
    tills: new Map(Object.entries(tills) as [TillId, (typeof tills)[string]][]),
    waivers: new Map(Object.entries(waivers) as [WaiverReasonId, (typeof waivers)[string]][]),
    refunds: {
      reasons: new Map(Object.entries(refunds.reasons) as [RefundReasonId, (typeof tills)[string]][]),
      secondPersonAbove: Number(refunds['second-person-above'].replace('.', '')),
      withinDays: refunds['within-days'],
    },
    retention: retention as RetentionId,
  }
}
