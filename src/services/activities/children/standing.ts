import { Temporal } from 'temporal-polyfill'
import type { Programme, Session } from '../../../city/index.ts'
import type { ConsentId } from '../../../people/consent/index.ts'
import type { ChildAtHome, ChildId } from '../../../people/residents/index.ts'
import { sql, type Tx } from '../../../plumbing/index.ts'
import { thingOf } from './notice.ts'

/** A consent of a child for one session, as it stands. */
export type ChildConsent = Readonly<{
  id: ConsentId
  child: ChildId
  request: string
  purpose: string
  needed: boolean
  state: 'given' | 'in-force' | 'declined' | 'revoked' | 'expired' | 'frozen' | 'passed'
}>

/** The consents of her children for a session, live ones and no others; the transaction has entered as the resident. */
export async function consentsFor(tx: Tx, session: Session): Promise<readonly ChildConsent[]> {
  return tx.rows<ChildConsent>(sql`select id, child, request, purpose, needed, state from consent.of_hers()
    where thing = ${thingOf(session.id)} and state in ('given', 'in-force', 'frozen', 'passed')`)
}

/** Whole years on the first day of a session; undefined where no birth date is known. */
export function ageOn({ first }: Session, born: string | undefined): number | undefined {
  return born === undefined ? undefined : Temporal.PlainDate.from(born).until(first, { largestUnit: 'year' }).years
}

/** Whether she is of the age that the programme is for, on its first day. */
export function fitsAge(
  { ages: { from, to = Infinity } }: Programme,
  session: Session,
  { about }: Pick<ChildAtHome, 'about'>,
) {
  // prettier-ignore
  const age = ageOn(session, about.born)
  return age !== undefined && age >= from && age <= to
}

export type ChildStage =
  | Readonly<{ stage: 'not-asked' }>
  | Readonly<{ stage: 'not-shown'; request: string }>
  | Readonly<{ stage: 'ready'; consents: readonly ChildConsent[] }>

/** How far a child is from taking part: nothing asked, a guardian has still to show who she is, or ready. */
export function stageOfChild(programme: Programme, consents: readonly ChildConsent[]): ChildStage {
  const open = consents.find(({ needed, state }) => needed && (state === 'given' || state === 'frozen'))
  if (open) return { stage: 'not-shown', request: open.request }
  const live = consents.filter(({ state }) => state === 'in-force' || state === 'passed')
  const needed = programme.purposes.filter((one) => one.needed)
  return needed.every(({ id }) => live.some(({ purpose }) => purpose === id)) && needed.length > 0
    ? { stage: 'ready', consents: live }
    : { stage: 'not-asked' }
}
