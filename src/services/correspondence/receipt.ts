import { sql, type Html, type Language } from '../../plumbing/index.ts'
import { proveInHand, type ProveRefusal } from '../../trust/ledger/index.ts'
import { enterReceipt, type PersonActor } from '../../trust/need-to-know/index.ts'
import { keyOf, open, seal } from '../../trust/vault/index.ts'
import { filesSealed, type TakenFile } from '../attachments/index.ts'
import { dueOn } from './due.ts'
import { today, type House } from './house.ts'
import { newId } from './new-id.ts'
import { checkWords } from './on-desk.ts'
import { panelsOf } from './panel.ts'
import {
  readContact,
  readHistory,
  readLetters,
  readLine,
  readMails,
  type EntryLine,
  type Letter,
  type MailLine,
} from './read-case.ts'
import { secretOf, type ReceiptCode } from './receipt-code.ts'
import type { CaseLine } from './tables.ts'

/** What the person sees at her receipt: her letters and the city's, and everybody who looked. */
export type Receipt = Readonly<{
  line: CaseLine
  /** The code may still be shown: it was first seen less than ten minutes ago. */
  fresh: boolean
  hasEmail: boolean
  letters: readonly Letter[]
  history: readonly EntryLine[]
  mails: readonly MailLine[]
  /** What other rooms have to say about it: first of all, and below the letters. */
  top: readonly Html[]
  panels: readonly Html[]
}>

export type NoReceipt = Readonly<{ refused: 'no-receipt' }>

/** Whoever holds the code is the person; there is no other account. */
export function holderOf(house: Pick<House, 'keys'>, code: ReceiptCode): PersonActor {
  return { kind: 'person', secret: secretOf(house.keys, code) }
}

/** Opens the person's own case. Her look is in the ledger like any other. */
export async function readReceipt(
  house: House,
  code: ReceiptCode,
  language: Language = 'en',
): Promise<Receipt | NoReceipt> {
  const person = holderOf(house, code)
  const opening = await open(house.db, person, { purpose: 'own-case', reason: 'own-receipt' })
  if (!opening) return { refused: 'no-receipt' }
  return house.db.transaction(async (tx) => {
    const entered = await enterReceipt(tx, person)
    const opened = await keyOf(tx, house.keys, opening)
    const line = entered && (await readLine(tx, entered.caseId))
    if (!entered || !opened || !line) return { refused: 'no-receipt' }
    const { sealedContact, ...shown } = line
    const seen = { line: shown, language, key: opened.key, path: `/receipt/${code}` }
    const all = house.panels ?? []
    const [letters, history, mails, top, panels] = await Promise.all([
      readLetters(tx, opened.key),
      readHistory(tx),
      readMails(tx),
      panelsOf(
        all.map(({ topOfReceipt }) => topOfReceipt),
        tx,
        seen,
      ),
      panelsOf(
        all.map(({ onReceipt }) => onReceipt),
        tx,
        seen,
      ),
    ])
    const hasEmail = readContact(opened.key, line.id, sealedContact).email !== undefined
    return { line: shown, fresh: entered.fresh, hasEmail, letters, history, mails, top, panels }
  })
}

export type Added = Readonly<{ done: true }> | Readonly<{ refused: 'no-receipt' | 'empty' | 'too-long' }>

/**
 * The person writes again on her case: a question, an answer, what was forgotten. An answered or closed case waits for
 * the city again, due as if it had come today. `messageId` makes a repeated post one addition.
 */
export async function addToCase(
  house: House,
  code: ReceiptCode,
  input: { words: string; messageId?: string; files?: readonly TakenFile[] },
): Promise<Added> {
  const checked = checkWords(input.words)
  if ('refused' in checked) return { refused: checked.refused }
  const person = holderOf(house, code)
  const opening = await open(house.db, person, { purpose: 'own-case', reason: 'own-letter' })
  if (!opening) return { refused: 'no-receipt' }
  return house.db.transaction(async (tx) => {
    const entered = await enterReceipt(tx, person)
    const opened = await keyOf(tx, house.keys, opening)
    const line = entered && (await readLine(tx, entered.caseId))
    if (!opened || !line) return { refused: 'no-receipt' }
    const message = input.messageId ?? newId()
    const sealed = seal(opened.key, { table: 'message', column: 'sealed', row: message }, JSON.stringify(checked))
    const due = dueOn(house.city, line.topic, today(house))
    const { files = [] } = input
    const act =
      files.length > 0
        ? sql`attachments.add(${message}, ${sealed}, ${due}, ${filesSealed(opened.key, files)})`
        : sql`correspondence.add(${message}, ${sealed}, ${due})`
    const row = await tx.row<{ outcome: string }>(sql`select ${act} as outcome`)
    return row?.outcome === 'done' || row?.outcome === 'again' ? { done: true } : { refused: 'no-receipt' }
  })
}

/** The proof of one entry of the person's case, to be checked offline; `not-yet` within a second of the act. */
export async function proveAtReceipt(house: House, code: ReceiptCode, entry: string): Promise<string | ProveRefusal> {
  return house.db.transaction(async (tx) => {
    const holder = await enterReceipt(tx, holderOf(house, code))
    return holder ? proveInHand(tx, entry) : { refused: 'not-there' }
  })
}
