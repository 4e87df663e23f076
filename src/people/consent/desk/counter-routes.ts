import { Temporal } from 'temporal-polyfill'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import { guardianKinds, mayConsent } from '../../residents/index.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import type { Purpose } from '../notice.ts'
import {
  answerAtCounter,
  declineAtCounter,
  questionAtCounter,
  type AtCounter,
  type SaidAtCounter,
} from './answer-at-counter.ts'
import { counterCodePage, counterPage, type WrongAtCounter } from './counter-page.ts'

/** `/desk/consents/counter`: a guardian without a page brings the code of her letter, and a clerk writes down what she says. */
export function counterRoutes(desk: Desk, house: ConsentRoutesHouse): void {
  const { city } = house
  const at = '/desk/consents/counter'
  desk.get(at, ({ staff, reply }) =>
    mayConsent(city, { staff }) ? reply.page(counterCodePage({ city, staff })) : reply.problem(404),
  )
  desk.post(at, async (visit) => {
    const { actor, staff, reply, posted } = visit
    if (!mayConsent(city, { staff })) return reply.problem(404)
    const code = posted['code'] ?? ''
    const question = await questionAtCounter(house, actor, code)
    if (!question) return reply.page(counterCodePage({ city, staff, typed: code }), 422)
    return reply.page(counterPage({ city, staff, question, code, typed: {} }))
  })
  desk.post(`${at}/answers`, (visit) => answered(house, visit))
}

async function answered(house: ConsentRoutesHouse, { actor, staff, reply, posted }: Visit) {
  const { city } = house
  const code = posted['code'] ?? ''
  if (!mayConsent(city, { staff })) return reply.problem(404)
  const question = await questionAtCounter(house, actor, code)
  if (!question) return reply.page(counterCodePage({ city, staff, typed: code }), 422)
  const again = (wrong: WrongAtCounter) =>
    reply.page(counterPage({ city, staff, question, code, typed: posted, wrong }), 422)
  if (posted['notice'] !== question.kept.hash) return again('changed')
  const said = readSaid(question, posted)
  if ('wrong' in said) return again(said.wrong)
  if ('no' in said)
    return (await declineAtCounter(house, actor, code))
      ? reply.redirect('/desk/consents?done=answeredNo', 303)
      : reply.problem(404)
  const done = await answerAtCounter(house, actor, code, question, said)
  if ('done' in done) return reply.redirect('/desk/consents?done=answeredYes', 303)
  return done.refused === 'not-there' ? reply.problem(404) : again(done.refused)
}

type ReadSaid = SaidAtCounter | Readonly<{ no: 'to-all' }> | Readonly<{ wrong: WrongAtCounter }>

/** All of what she said, or what is missing. A no to what is needed is a no to all: then nothing else is asked of her. */
function readSaid({ kept }: AtCounter, posted: Readonly<Record<string, string>>): ReadSaid {
  const saidTo = ({ id }: Purpose) => posted[`purpose-${id}`]
  const { purposes: asked } = kept.notice
  if (asked.some((one) => saidTo(one) !== 'yes' && saidTo(one) !== 'no')) return { wrong: 'choose' }
  if (posted['sure'] !== 'yes') return { wrong: 'sure' }
  if (asked.some((one) => one.needed && saidTo(one) === 'no')) return { no: 'to-all' }
  const text = (name: string, most: number) => (posted[name] ?? '').trim().slice(0, most)
  const [guardian, address, firstName] = [text('guardian', 120), text('address', 400), text('firstName', 60)]
  const born = dayOf(text('born', 10))
  if (guardian === '') return { wrong: 'guardian' }
  if (address.length < 10) return { wrong: 'address' }
  if (firstName === '') return { wrong: 'firstName' }
  if (!born) return { wrong: 'born' }
  const as = guardianKinds.find((kind) => kind === posted['as']) ?? 'parent'
  const purposes = Object.fromEntries(asked.map((one) => [one.id, saidTo(one) === 'yes']))
  return { guardian, address, firstName, born, as, purposes }
}

function dayOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    return undefined
  }
}
