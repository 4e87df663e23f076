import type { Temporal } from 'temporal-polyfill'
import type { Clerk } from '../../../../test/support/house.ts'
import type { Neighbour } from '../../../../test/support/people.ts'
import type { Programme, Session } from '../../../city/index.ts'
import { answer, askSelf, keepNotice, verify, type ConsentId } from '../../../people/consent/index.ts'
import { addChild, enterResident, openPage, type ChildId } from '../../../people/residents/index.ts'
import { enrolChild, type ChildEnrolled } from '../children/enrol-child.ts'
import { noticeOf } from '../children/notice.ts'
import { consentsFor, stageOfChild } from '../children/standing.ts'
import type { House, SubmissionToken } from '../../correspondence/index.ts'

/** What a guardian answers in these tests, by field. */
export const answers = {
  name: 'Maya',
  pickup: 'Her aunt Lena, 555-0142',
  medical: 'Peanuts. The pen is in the blue bag.',
}

export type ConsentsAsked = Readonly<{ session?: Session; no?: readonly string[]; shown?: boolean }>
export type SigningUp = Readonly<{
  session?: Session
  said?: boolean
  token?: SubmissionToken
  purposes?: Programme['purposes']
}>
export type Families = ReturnType<typeof openFamilies>

/** Families of the sample city: children, what their guardians consent to, and signing them up. */
export function openFamilies(house: House & Readonly<{ publicUrl: string }>, clerk: Clerk, said = answers) {
  const programmeOf = ({ programme: id }: Session) => house.city.activities.programmes.get(id) as Programme
  const eight = () => house.clock.now().toZonedDateTimeISO('America/Los_Angeles').toPlainDate().subtract({ years: 8 })

  async function child(of: Neighbour, firstName: string, born: Temporal.PlainDate = eight()): Promise<ChildId> {
    return house.db.transaction(async (tx) => {
      await enterResident(tx, of.actor)
      const added = await addChild(tx, house.keys, 'parent', { firstName, born: born.toString() }, 'under-13')
      if ('refused' in added) throw new Error(added.refused)
      return added.child
    })
  }

  /** Yes to everything that `no` does not name; shown at the counter unless `shown` is false. */
  async function consents(of: Neighbour, id: ChildId, { session, no = [], shown = true }: ConsentsAsked) {
    if (!session) throw new Error('for which session?')
    const notice = noticeOf(house.city, programmeOf(session), session)
    const hash = await house.db.transaction((tx) => keepNotice(tx, house.keys, notice))
    const asked = await askSelf(house, of.actor, { child: id, notice: hash, words: { firstName: 'Maya' } })
    if ('refused' in asked) throw new Error(asked.refused)
    const purposes = Object.fromEntries(notice.purposes.map((one) => [one.id, !no.includes(one.id)]))
    const guardian = { request: asked.asked, notice: hash, child: { child: id }, guardian: 'Rosa Vega' }
    const done = await answer(house, of.actor, { ...guardian, purposes })
    if (!('done' in done)) throw new Error(JSON.stringify(done))
    const attested =
      shown && (await verify(house, clerk.actor, { request: asked.asked, method: 'counter', as: 'parent' }))
    if (attested && 'refused' in attested) throw new Error(attested.refused)
    return done.consents
  }

  async function signUp(of: Neighbour, id: ChildId, wish: SigningUp): Promise<ChildEnrolled> {
    const { session, said: done = false, token, purposes } = wish
    if (!session) throw new Error('for which session?')
    const ready = await openPage(house, of.actor, async (tx, { children }) => ({
      child: children.find((one) => one.id === id),
      stage: stageOfChild(
        programmeOf(session),
        (await consentsFor(tx, session)).filter((one) => one.child === id),
      ),
    }))
    if (!ready?.child) throw new Error('no child')
    const inForce = ready.stage.stage === 'ready' ? ready.stage.consents : []
    const programme = { ...programmeOf(session), ...(purposes && { purposes }) }
    return enrolChild(house, of.actor, {
      ...{ programme, session, child: ready.child, consents: inForce, answers: said, said: done },
      contact: { name: 'Rosa Vega', email: of.email },
      language: 'en',
      ...(token && { token }),
    })
  }

  /** All of it: a child with the consents of a session, signed up. */
  async function enrolled(of: Neighbour, firstName: string, session: Session) {
    const id = await child(of, firstName)
    const given: ReadonlyMap<string, ConsentId> = await consents(of, id, { session })
    const signed = await signUp(of, id, { session, said: true })
    if ('refused' in signed) throw new Error(signed.refused)
    return { id, given, ...signed }
  }
  return { child, consents, signUp, enrolled }
}
