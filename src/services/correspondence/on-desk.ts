import { sql, type Sql, type Tx } from '../../plumbing/index.ts'
import type { CaseId } from '../../city/index.ts'
import { enterStaff, type Staff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { keyInHand, seal, type DataKey } from '../../trust/vault/index.ts'
import type { House } from './house.ts'
import { longestWords, type Words } from './letter.ts'

/** What the desk's acts may answer instead of `done`. Not permitted and not there are one answer. */
export type DeskRefusal =
  | 'not-there'
  | 'changed'
  | 'closed-envelope'
  | 'empty'
  | 'placeholder-left'
  | 'too-long'
  | 'not-a-colleague'
  | 'no-such-topic'
  | 'not-failed'
  | 'no-such-agency'
  | 'closed-already'
  | 'open-already'

export type Outcome = Readonly<{ done: true }> | Readonly<{ refused: DeskRefusal }>

export const refuse = (refused: DeskRefusal): Outcome => ({ refused })

/** Runs one act of a clerk on one case, in one transaction that has entered as her with that case in hand. */
export async function onCase(
  house: House,
  actor: StaffActor,
  caseId: CaseId,
  work: (tx: Tx, staff: Staff) => Promise<Outcome>,
): Promise<Outcome> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    return staff?.caseId === caseId ? work(tx, staff) : refuse('not-there')
  })
}

/** Calls one of the database's acts, which checks power and version, writes, and writes the ledger. */
export async function ask(tx: Tx, call: Sql): Promise<Outcome> {
  const answer = await tx.row<{ outcome: 'done' | 'again' | DeskRefusal }>(sql`select ${call} as outcome`)
  if (!answer) throw new Error('an act of correspondence gave no outcome')
  return answer.outcome === 'done' || answer.outcome === 'again' ? { done: true } : refuse(answer.outcome)
}

/** Seals words for the case whose envelope is open on this desk; a clerk who has not opened it cannot write into it. */
export async function sealOnDesk(
  tx: Tx,
  house: House,
  message: string,
  words: string,
): Promise<Readonly<{ sealed: Buffer; key: DataKey }> | DeskRefusal> {
  const checked = checkWords(words)
  if ('refused' in checked) return checked.refused
  const open = await keyInHand(tx, house.keys)
  if (!open) return 'closed-envelope'
  const sealed = seal(open.key, { table: 'message', column: 'sealed', row: message }, JSON.stringify(checked))
  return { sealed, key: open.key }
}

/** Words as they are kept: line ends as LF, no trailing space, Unicode NFC. Refusals: nothing in it; over 20,000 code points. */
export function checkWords(text: string): (Words & { words: string }) | { refused: 'empty' | 'too-long' } {
  const words = text.toWellFormed().replace(/\r\n?/g, '\n').replaceAll('\0', '').normalize('NFC').trim()
  if (words === '') return { refused: 'empty' }
  return [...words].length > longestWords ? { refused: 'too-long' } : { words }
}
