import { sql, type Language } from '../../../plumbing/index.ts'
import {
  childActor,
  enterConsent,
  keepHeld,
  openConsents,
  sealHeld,
  type ToKeep,
} from '../../../people/consent/index.ts'
import { receiveWith, tokenOf, type House, type IncomingLetter, type Received } from '../../correspondence/index.ts'
import type { AnswersRefused } from '../define-answers.ts'
import { letterOf } from '../submit.ts'
import type { Ready } from './going-on.ts'
import { say } from './messages.ts'

/** Ends a transaction from within: nothing of it stays. */
class TakenBack extends Error {}

/**
 * Takes what a child sent. Her answers about a person are kept under her parent’s consents, each purpose under its own key,
 * and nowhere else; the letter says only which request it was, and what is about nobody. Refusals: `answers`; `different`,
 * where the token already brought another letter; `over`, where a consent ended meanwhile or she has sent it before.
 */
export async function submitChild(
  house: House,
  { code, going, form, consents }: Ready,
  posted: Readonly<Record<string, unknown>>,
  language: Language,
): Promise<Received | AnswersRefused | Readonly<{ refused: 'over' }>> {
  const read = form.read(posted)
  if ('refused' in read) return read
  const token = tokenOf(house.keys, posted)
  const whole = letterOf(house.city, form, { ...read, contact: {} }, language)
  const personal = new Map(
    form.fields.flatMap(({ name, privacy }) => (privacy ? [[name, privacy.purpose] as const] : [])),
  )
  // A neighborhood that follows from what she answered is not told either.
  const { place, ...rest } = whole
  const isPersonal = form.placeFrom !== undefined && personal.has(form.placeFrom)
  const letter: IncomingLetter = {
    ...rest,
    ...(place !== undefined && !isPersonal && { place }),
    answers: [
      {
        field: 'consent',
        label: say(language, 'numberLabel'),
        value: say(language, 'numberWords', { number: String(going.number) }),
      },
      ...whole.answers.filter(({ field }) => !personal.has(field)),
    ],
    contact: {},
  }
  const actor = childActor(house.keys, code)
  const open = consents.filter(({ held }) => !held)
  const why = { purpose: form.id, reason: 'answers' }
  const keys = await openConsents(house, actor, open.map(({ id }) => id), why) // prettier-ignore
  const said = letterOf(house.city, { ...form, contact: {} }, read, language).answers
  const values = open.flatMap(({ id, purpose }): ToKeep[] => {
    const key = keys.get(id)
    const its = said.filter(({ field }) => personal.get(field) === purpose)
    return key ? its.map(({ field, value }) => ({ consent: id, field, sealed: sealHeld(key, id, field, value), record: true })) : [] // prettier-ignore
  })
  try {
    return await house.db.transaction(async (tx) => {
      const { outcome, code: receipt, caseId } = await receiveWith(house, tx, letter, token)
      if (outcome === 'different') return { refused: 'different' }
      if (outcome === 'again') return { outcome, code: receipt }
      if (values.length === 0 || !(await enterConsent(tx, actor))) throw new TakenBack()
      if ('refused' in (await keepHeld(tx, values))) throw new TakenBack()
      const row = await tx.row<{ linked: boolean }>(sql`select forms.sent_by_child(${caseId}) as linked`)
      if (!row?.linked) throw new TakenBack()
      return { outcome, code: receipt }
    })
  } catch (error) {
    if (error instanceof TakenBack) return { refused: 'over' }
    throw error
  }
}
