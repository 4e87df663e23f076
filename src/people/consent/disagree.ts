import { sql } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { enterResident, type ResidentActor } from '../residents/index.ts'
import type { ConsentId } from './actor.ts'
import type { ConsentHouse } from './house.ts'

type Outcome = Readonly<{ done: true }> | Readonly<{ refused: 'not-there' }>
type Row = { outcome: 'done' | 'not-there' }
const outcomeOf = (row: Row | undefined): Outcome =>
  row?.outcome === 'done' ? { done: true } : { refused: 'not-there' }

/** A guardian objects to what the other guardian consents to. Use stops, nothing is destroyed, a clerk settles it. */
export async function object(
  house: Pick<ConsentHouse, 'db'>,
  actor: ResidentActor,
  consent: ConsentId,
): Promise<Outcome> {
  return house.db.transaction(async (tx) =>
    outcomeOf(
      (await enterResident(tx, actor)) && (await tx.row<Row>(sql`select consent.object(${consent}) as outcome`)),
    ),
  )
}

/** The clerk has spoken with both: use may go on. (That it may not is a revocation, with its preview and its receipt.) */
export async function unfreeze(
  house: Pick<ConsentHouse, 'db'>,
  actor: StaffActor,
  consent: ConsentId,
): Promise<Outcome> {
  return house.db.transaction(async (tx) =>
    outcomeOf(
      (await enterStaff(tx, actor)) && (await tx.row<Row>(sql`select consent.unfreeze(${consent}) as outcome`)),
    ),
  )
}
