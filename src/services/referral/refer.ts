import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { keyInHand, seal, type DataKey } from '../../trust/vault/index.ts'
import type { AgencyId, BasisId, CaseId } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import { checkWords, newId, readContact, readLetters, readLine, type CaseLine } from '../correspondence/index.ts'
import { fieldsOf, mayLeave, type Field } from './fields.ts'
import type { ReferralHouse } from './house.ts'
import { leavingOf, toldWords, type Leaving } from './leaving.ts'

export type ReferRefusal =
  | 'not-there'
  | 'changed'
  | 'closed-envelope'
  | 'closed-already'
  | 'no-such-agency'
  | 'no-basis'
  | 'no-reason'
  | 'not-needed'
  | 'too-much'

export type ToRefer = Readonly<{
  caseId: CaseId
  version: number
  /** Makes a repeated post one referral. */
  id: string
  agency: AgencyId
  basis: BasisId
  because: string
  /** Codes of the fields that leave; what is about the case itself goes along anyway. */
  fields: readonly string[]
}>

export type LaidOut = Readonly<{ line: CaseLine; fields: readonly Field[] }>
type Refused = Readonly<{ refused: ReferRefusal }>

/** Every field of a case that could leave. Refusals: not-there, closed-envelope. */
export async function layOut(house: ReferralHouse, actor: StaffActor, caseId: CaseId): Promise<LaidOut | Refused> {
  return house.db.transaction(async (tx) => {
    const opened = await openedCase(tx, house, actor, caseId)
    return 'refused' in opened ? opened : { line: opened.line, fields: opened.fields }
  })
}

/** What would leave, exactly, without sending it. */
export async function preview(house: ReferralHouse, actor: StaffActor, input: ToRefer): Promise<Leaving | Refused> {
  return house.db.transaction(async (tx) => {
    const opened = await openedCase(tx, house, actor, input.caseId)
    if ('refused' in opened) return opened
    const chosen = choose(house, opened, input)
    return 'refused' in chosen ? chosen : chosen.leaving
  })
}

/**
 * Sends parts of a letter to another government agency: exactly what the preview showed. A field that the agency does not
 * need is refused here and by the database; so is whatever is not a government of the city's directory. The person is told
 * at her receipt and by mail; the ledger has agency, basis and the fields' codes.
 */
export async function refer(
  house: ReferralHouse,
  actor: StaffActor,
  input: ToRefer,
): Promise<Refused | { done: true }> {
  return house.db.transaction(async (tx) => {
    const opened = await openedCase(tx, house, actor, input.caseId)
    if ('refused' in opened) return opened
    const chosen = choose(house, opened, input)
    if ('refused' in chosen) return chosen
    const message = newId()
    const { key } = opened
    const sealed = seal(key, { table: 'disclosure', column: 'sealed', row: input.id }, JSON.stringify(chosen.leaving))
    const told = JSON.stringify({ words: chosen.told, agency: input.agency })
    const sealedTold = seal(key, { table: 'message', column: 'sealed', row: message }, told)
    const codes = chosen.fields.map(({ code }) => code)
    const row = await tx.row<{ outcome: 'done' | 'again' | ReferRefusal }>(
      sql`select referral.refer(${input.version}, ${input.id}, ${input.agency}, ${input.basis}, ${codes}::text[], ${sealed},
        ${message}, ${sealedTold}) as outcome`,
    )
    if (!row) throw new Error('referral.refer gave no outcome')
    return row.outcome === 'done' || row.outcome === 'again' ? { done: true } : { refused: row.outcome }
  })
}

async function openedCase(
  tx: Tx,
  house: ReferralHouse,
  actor: StaffActor,
  caseId: CaseId,
): Promise<(LaidOut & { key: DataKey }) | Refused> {
  const staff = await enterStaff(tx, actor, caseId)
  const line = staff?.caseId === caseId ? await readLine(tx, caseId) : undefined
  if (!staff || !line || !mayRefer(house, staff.duties, line)) return { refused: 'not-there' }
  const open = await keyInHand(tx, house.keys)
  if (!open) return { refused: 'closed-envelope' }
  const contact = readContact(open.key, caseId, line.sealedContact)
  return { line, key: open.key, fields: fieldsOf(house, line, contact, await readLetters(tx, open.key)) }
}

/** The database asks again; this keeps from showing a page that leads nowhere. */
export function mayRefer({ city }: ReferralHouse, duties: readonly string[], line: CaseLine): boolean {
  return [...city.duties.values()].some(
    (duty) => duties.includes(duty.id) && duty.topics.includes(line.topic) && duty.may.includes('refer'),
  )
}

/** Of all files of one mail: in base64 it stays below the 25 MB that servers commonly take. */
const mostBytes = 15_000_000

type Chosen = Readonly<{ fields: readonly Field[]; leaving: Leaving; told: string }>

function choose(house: ReferralHouse, { line, fields }: LaidOut, input: ToRefer): Chosen | Refused {
  const agency = house.city.agencies.get(input.agency)
  if (!agency?.takes) return { refused: 'no-such-agency' }
  const basis = house.city.legalBases.get(input.basis)
  if (!basis) return { refused: 'no-basis' }
  const because = checkWords(input.because.slice(0, 1000))
  if ('refused' in because) return { refused: 'no-reason' }
  const asked = fields.filter(({ code, category }) => category === 'case' || input.fields.includes(code))
  const known = input.fields.every((code) => fields.some((field) => field.code === code))
  if (!known || asked.some((field) => !mayLeave(agency, field))) return { refused: 'not-needed' }
  if (asked.reduce((all, { file }) => all + (file?.bytes ?? 0), 0) > mostBytes) return { refused: 'too-much' }
  const about = { line, fields: asked, basis, because: because.words }
  const leaving = leavingOf(house.city, agency, about)
  if (!leaving) return { refused: 'no-such-agency' }
  return { fields: asked, leaving, told: toldWords(house.city, line.language, agency, about) }
}
