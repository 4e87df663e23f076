import { sql, type Sql, type Tx } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { SurveysHouse } from './house.ts'
import { codeHash, readInvitationCode } from './invitation-code.ts'
import { newSlipCode, slipHash } from './slip-code.ts'
import type { SurveyId } from './survey.ts'
import { today } from './today.ts'

export const mostSlips = 500

/**
 * Makes printed codes. They are in the answer to this call and nowhere else: the database keeps hashes, in the order of the
 * hashes. Undefined where she may not, or the survey is closed.
 */
export async function printSlips(
  house: SurveysHouse,
  actor: StaffActor,
  survey: SurveyId,
  count: number,
): Promise<readonly string[] | undefined> {
  const codes = Array.from({ length: count }, newSlipCode)
  const hashes = codes.map((code) => slipHash(survey, code))
  const made = await said<boolean>(house, actor, sql`select surveys.print_slips(${survey}, ${hashes}::bytea[]) as said`)
  return made === true ? codes : undefined
}

export type Traded = 'done' | 'signed' | 'not-there'

/** Takes an invitation back, so that its holder may have a printed code instead. Not once a ticket was signed for it. */
export async function tradeInvitation(
  house: SurveysHouse,
  actor: StaffActor,
  survey: SurveyId,
  written: string,
): Promise<Traded> {
  const code = readInvitationCode(written)
  if (code === undefined) return 'not-there'
  const outcome = await said<string>(
    house,
    actor,
    sql`select surveys.trade(${survey}, ${codeHash(survey, code)}) as said`,
  )
  return outcome === 'done' || outcome === 'signed' ? outcome : 'not-there'
}

/** Closes a survey before its day: addresses and the key for tickets are destroyed with it. */
export async function closeSurvey(house: SurveysHouse, actor: StaffActor, survey: SurveyId): Promise<boolean> {
  const outcome = await said<string>(house, actor, sql`select surveys.close(${survey}, ${today(house)}) as said`)
  return outcome === 'done'
}

async function said<Said>(house: SurveysHouse, actor: StaffActor, asking: Sql): Promise<Said | undefined> {
  return house.db.transaction(async (tx: Tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    return (await tx.row<{ said: Said }>(asking))?.said
  })
}
