import { randomUUID } from 'node:crypto'
import { sql } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { newDataKey, seal, type SubjectId } from '../../trust/vault/index.ts'
import type { SurveysHouse } from './house.ts'
import { addressToken, codeHash, invitationCode } from './invitation-code.ts'
import { mostAtOnce, type Invitee } from './read-addresses.ts'
import type { SurveyId } from './survey.ts'

export const invitationAt = (id: string) => ({ table: 'invitation', column: 'sealed', row: id })

export type Invited = Readonly<{ invited: number; known: number }> | Readonly<{ refused: 'too-many' | 'not-there' }>

/**
 * Puts addresses on the list of an invited survey; the post takes it from there. Each address is sealed for a subject of its
 * own and used for this one mail; with the survey it is destroyed. Who is on the list already is passed over.
 */
export async function invite(
  house: SurveysHouse,
  actor: StaffActor,
  survey: SurveyId,
  invitees: readonly Invitee[],
): Promise<Invited> {
  if (invitees.length > mostAtOnce) return { refused: 'too-many' }
  const { keys } = house
  const made = invitees.map((invitee) => {
    const [id, subject] = [randomUUID(), randomUUID() as SubjectId]
    const { key, stored } = newDataKey(keys, subject)
    const sealed = seal(key, invitationAt(id), JSON.stringify(invitee))
    const token = addressToken(keys, survey, invitee.email)
    return { id, subject, wrapped: stored.wrapped, sealed, token, code: codeHash(survey, invitationCode(keys, id)) }
  })
  const column = <Key extends keyof (typeof made)[number]>(key: Key) => made.map((one) => one[key])
  const fresh = await house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return null
    const row = await tx.row<{ fresh: number | null }>(sql`select surveys.invite(${survey}, ${column('id')}::uuid[],
      ${column('subject')}::uuid[], ${column('wrapped')}::bytea[], ${keys.current}, ${column('sealed')}::bytea[],
      ${column('token')}::bytea[], ${column('code')}::bytea[]) as fresh`)
    return row?.fresh ?? null
  })
  if (fresh === null) return { refused: 'not-there' }
  return { invited: fresh, known: invitees.length - fresh }
}
