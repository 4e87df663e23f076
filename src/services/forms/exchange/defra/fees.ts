import { fits } from '../importing/combine.ts'
import { words } from '../importing/draft-form.ts'
import { reading, type Reading } from '../importing/reading.ts'
import type { Condition } from '../../answering/condition.ts'
import { isThing, type Thing } from '../thing.ts'
import { conditionOf } from './conditions.ts'
import { things, type Work } from './import-form.ts'

const check = 'The amount was taken as whole units of money: check it.'

/** Fees of the form: an amount, times a number, where a condition holds. */
export function takeFees(work: Work, form: Thing): void {
  for (const [at, fee] of things(form.fees)) {
    const read = reading(fee)
    const label = read.text('description') ?? 'Fee'
    const times = read.text('multiplier')
    const counted = times === undefined ? undefined : work.known.question(times)
    const condition = read.text('condition')
    const says = [check]
    const when = condition === undefined ? undefined : feeWhen(work, condition, says)
    const amount = centsOf(read.number('amount'))
    const lost = (times !== undefined && counted?.field.kind !== 'number') || (condition !== undefined && !when) || amount === undefined // prettier-ignore
    if (lost) says.push('It is not charged: it cannot be said here by what it is multiplied, or when it is due.')
    else
      work.draft.fee({
        label: words(label),
        each: amount,
        ...(counted && { times: [counted.name] }),
        ...(when && { when }),
      })
    work.report.add({ at: `/fees/${String(at)}`, what: `fee “${label.slice(0, 80)}”`, outcome: lost ? 'not-mapped' : 'changed', says, left: read.left() }) // prettier-ignore
  }
}

/** Version 2: a payment among the questions. */
export function takePayment(work: Work, read: Reading, at: string, what: string): void {
  const options = read.inside('options')
  const label = options.text('description') ?? read.text('title') ?? 'Fee'
  const usual = centsOf(options.number('amount'))
  const says = [check]
  const sometimes = options.list('conditionalAmounts').flatMap((one) => {
    if (!isThing(one)) return []
    const [each, when] = [centsOf(reading(one).number('amount')), feeWhen(work, String(one.condition), says)]
    return each === undefined || !when ? [] : [{ label: words(label), each, when }]
  })
  const otherwise: Condition | undefined = sometimes.length > 0 ? { not: sometimes.length === 1 && sometimes[0] ? sometimes[0].when : { any: sometimes.map(({ when }) => when) } } : undefined // prettier-ignore
  const known = new Set(work.draft.questions.map(({ name }) => name))
  const plain = usual !== undefined && usual > 0 && (!otherwise || fits(otherwise, known))
  for (const fee of sometimes) work.draft.fee(fee)
  if (plain) work.draft.fee({ label: words(label), each: usual, ...(otherwise && { when: otherwise }) })
  const taken = plain || sometimes.length > 0
  read.pass('name', 'title', 'hint')
  work.report.add({ at, what, outcome: taken ? 'changed' : 'not-mapped', says: [...says, 'It is paid at the end, with the form’s fees.'], left: read.left() }) // prettier-ignore
}

function feeWhen(work: Work, name: string, says: string[]): Condition | undefined {
  const wrapper = work.conditions.get(name)
  const condition = wrapper ? conditionOf(wrapper, work.known) : 'Its condition is not there.'
  const known = new Set(work.draft.questions.map((one) => one.name))
  if (typeof condition !== 'string' && fits(condition, known)) return condition
  says.push(typeof condition === 'string' ? condition : 'Its condition goes deeper than one may here.')
  return undefined
}

function centsOf(amount: number | undefined): number | undefined {
  const cents = amount === undefined ? undefined : Math.round(amount * 100)
  return cents !== undefined && cents >= 0 && cents <= 10_000_000 ? cents : undefined
}
