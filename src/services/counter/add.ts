import { sql } from '../../plumbing/index.ts'
import type { CaseId, DutyId } from '../../city/index.ts'
import { filesSealed, type TakenFile } from '../attachments/index.ts'
import { enterReceipt, enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { keyOf, open, seal, wordTokens, type DataKey } from '../../trust/vault/index.ts'
import {
  checkWords,
  dueOn,
  holderOf,
  readCode,
  today,
  type CaseLine,
  type ReceiptCode,
} from '../correspondence/index.ts'
import type { CounterHouse, RecordedChannel } from './house.ts'

export type Addition = Readonly<{
  /** The number of a case on her desk, or the receipt code that the caller gives. */
  existing: string
  channel: RecordedChannel
  words: string
  duty: DutyId
  messageId: string
  /** Pages that came along. */
  files?: readonly TakenFile[]
}>

export type Added = Readonly<{ number: number }> | Readonly<{ refused: 'not-there' | 'words' | 'too-long' }>

/**
 * Adds to a case what the person says by telephone, at the counter or on paper. With her receipt code it works for every
 * case: the code opens it for the program to seal her words, and the clerk is shown nothing. With a number only for a case
 * on the clerk's own desk, which is opened under the first reason of her duty. Both are in the ledger, and one answer is
 * given to what is not there and what is not hers.
 */
export async function add(house: CounterHouse, actor: StaffActor, input: Addition): Promise<Added> {
  const checked = checkWords(input.words)
  if ('refused' in checked) return { refused: checked.refused === 'empty' ? 'words' : 'too-long' }
  const code = readCode(input.existing)
  return typeof code === 'string' ? byCode(house, actor, input, code) : byNumber(house, actor, input)
}

async function byCode(house: CounterHouse, actor: StaffActor, input: Addition, code: ReceiptCode): Promise<Added> {
  // First the power, so that a desk cannot be used to try codes with a duty that does not record.
  if (!(await mayRecord(house, actor, input.duty))) return { refused: 'not-there' }
  const person = holderOf(house, code)
  const opening = await open(house.db, person, { purpose: 'own-case', reason: 'own-letter' })
  if (!opening) return { refused: 'not-there' }
  return house.db.transaction(async (tx): Promise<Added> => {
    await enterReceipt(tx, person)
    const opened = await keyOf(tx, house.keys, opening)
    const line = await tx.row<InHand>(sql`select number, topic from correspondence.in_hand()`)
    if (!opened || !line) return { refused: 'not-there' }
    // From here on the clerk acts: the receipt's own context ends with hers.
    await enterStaff(tx, actor)
    const row = await tx.row<{ outcome: string }>(adding(house, input, line, opened.key, person.secret))
    return row?.outcome === 'not-there' || !row ? { refused: 'not-there' } : { number: line.number }
  })
}

async function byNumber(house: CounterHouse, actor: StaffActor, input: Addition): Promise<Added> {
  const number = /^#?\s*(\d{1,12})$/.exec(input.existing.trim())?.[1]
  const found = number === undefined ? undefined : await onDesk(house, actor, Number(number), input.duty)
  if (!found) return { refused: 'not-there' }
  const opening = await open(house.db, actor, { caseId: found.id, purpose: 'answer', reason: found.reason })
  if (!opening) return { refused: 'not-there' }
  return house.db.transaction(async (tx): Promise<Added> => {
    await enterStaff(tx, actor, found.id)
    const opened = await keyOf(tx, house.keys, opening)
    if (!opened) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: string }>(adding(house, input, found, opened.key, null))
    return row?.outcome === 'not-there' || !row ? { refused: 'not-there' } : { number: found.number }
  })
}

type InHand = Pick<CaseLine, 'number' | 'topic'>

function adding(house: CounterHouse, input: Addition, line: InHand, key: DataKey, secret: Buffer | null) {
  const { messageId, channel, duty, words, files = [] } = input
  const checked = checkWords(words)
  const standing = { table: 'message', column: 'sealed', row: messageId }
  return sql`select counter.add(${messageId}, ${seal(key, standing, JSON.stringify(checked))},
    ${dueOn(house.city, line.topic, today(house))}, ${channel}, ${duty}, ${secret},
    ${wordTokens(house.keys, words)}::bytea[], ${filesSealed(key, files)}) as outcome`
}

/** The case of this number on her desk, with a reason of a duty of hers that reads it. */
async function onDesk(
  house: CounterHouse,
  actor: StaffActor,
  number: number,
  duty: DutyId,
): Promise<(InHand & { id: CaseId; reason: string }) | undefined> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor)
    if (!staff?.duties.includes(duty) || !house.city.duties.get(duty)?.may.includes('record')) return undefined
    const row = await tx.row<InHand & { id: CaseId }>(
      sql`select c.id, c.number, c.topic from correspondence.visible c where c.number = ${number}`,
    )
    const reading = staff.duties
      .map((id) => house.city.duties.get(id))
      .find((one) => row && one?.topics.includes(row.topic) && one.may.includes('read'))
    return row && reading && { ...row, reason: reading.reasons[0].id }
  })
}

async function mayRecord(house: CounterHouse, actor: StaffActor, duty: DutyId): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor)
    return Boolean(staff?.duties.includes(duty) && house.city.duties.get(duty)?.may.includes('record'))
  })
}
