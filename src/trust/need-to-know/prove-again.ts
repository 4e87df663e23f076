import { sql, type Db } from '../../plumbing/index.ts'
import type { Staff, StaffActor } from './actor.ts'
import { enterStaff } from './enter.ts'
import { databaseClock, proofOf } from './identity-provider/proof.ts'
import { signOut } from './session.ts'
import type { SignIn, SignInRefusal } from './sign-in.ts'

export type Proved = Readonly<{ done: true }> | Readonly<{ refused: 'no-session' }> | SignInRefusal

/**
 * The acting employee gives her password once more, throttled like a sign-in: for five minutes this session may add and
 * remove passkeys. A session that was left open or stolen may not make itself a way in that outlasts it.
 */
export async function proveAgain(
  db: Db,
  signIn: SignIn,
  actor: StaffActor,
  staff: Staff,
  password: string,
): Promise<Proved> {
  const checked = await signIn.withPassword(db, { handle: staff.handle, password })
  if ('refused' in checked) return checked
  await signOut(db, { kind: 'staff', secret: checked.secret }, 'here')
  const at = await databaseClock(db)
  const mac = proofOf(signIn.keys.authority, `prove|${staff.session}`, at)
  const proved = await db.transaction(async (tx) => {
    if ((await enterStaff(tx, actor)) === undefined) return false
    const row = await tx.row<{ proved: boolean }>(sql`select need_to_know.prove_again(${at}::bigint, ${mac}) as proved`)
    return row?.proved === true
  })
  return proved ? { done: true } : { refused: 'no-session' }
}
