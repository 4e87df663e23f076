import { createHmac } from 'node:crypto'
import { sql, type Db } from '../../plumbing/index.ts'
import type { StaffActor } from './actor.ts'
import { enterStaff, whoIs } from './enter.ts'
import { hashPassword, judgePassword, type PasswordRefusal } from './password.ts'
import { databaseSeconds, signOut } from './session.ts'
import type { SignIn, SignInRefusal } from './sign-in.ts'

export type PasswordChanged =
  Readonly<{ done: true }> | Readonly<{ refused: PasswordRefusal | 'no-session' }> | SignInRefusal

/**
 * An employee's own new password, for which she gives the old one (throttled like a sign-in). Her other sessions end,
 * and the ledger notes it.
 */
export async function changePassword(
  db: Db,
  signIn: SignIn,
  actor: StaffActor,
  typed: { old: string; wanted: string },
): Promise<PasswordChanged> {
  const staff = await whoIs(db, actor)
  if (staff === undefined) return { refused: 'no-session' }
  const refused = judgePassword(typed.wanted, staff.handle)
  if (refused !== undefined) return { refused }
  const checked = await signIn.withPassword(db, { handle: staff.handle, password: typed.old })
  if ('refused' in checked) return checked
  await signOut(db, { kind: 'staff', secret: checked.secret }, 'here')
  const stored = await hashPassword(typed.wanted, signIn.keys.pepper.export())
  const at = await databaseSeconds(db)
  const mac = createHmac('sha256', signIn.keys.authority).update(`password|${staff.employee}|${stored}|${at}`).digest()
  const changed = await db.transaction(async (tx) => {
    if ((await enterStaff(tx, actor)) === undefined) return false
    const row = await tx.row<{ changed: boolean }>(
      sql`select need_to_know.change_password(${stored}, ${at}::bigint, ${mac}) as changed`,
    )
    return row?.changed === true
  })
  return changed ? { done: true } : { refused: 'no-session' }
}
