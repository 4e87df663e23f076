import type { Temporal } from 'temporal-polyfill'
import { routed, type CaseId } from '../../city/index.ts'
import { inBatches, sha256, sql, type Db, type Sql, type Tx } from '../../plumbing/index.ts'
import {
  blindToken,
  newDataKey,
  seal,
  tokenKinds,
  type DataKey,
  type SubjectId,
  type TokenKind,
} from '../../trust/vault/index.ts'
import { filesSealed, type TakenFile } from '../attachments/index.ts'
import { dueOn } from './due.ts'
import { today, type House } from './house.ts'
import type { Channel, IncomingLetter } from './letter.ts'
import { newId } from './new-id.ts'
import { codeFor, issueToken, secretOf, type ReceiptCode, type SubmissionToken } from './receipt-code.ts'

export type Received =
  Readonly<{ outcome: 'received' | 'again'; code: ReceiptCode }> | Readonly<{ refused: 'different' }>

type Outcome = 'received' | 'again' | 'different'

/**
 * Receives a letter: opens a case on its topic, seals the person's words and contact under a key of her own, writes
 * the ledger, and puts the acknowledgement in the post, all in one transaction or not at all. It is durable when this
 * answers. Letters that come at the same moment share the transaction.
 *
 * The same token with the same letter again changes nothing and gives the same receipt. Refusal `different`: this
 * token already brought another letter (somebody went back and edited): nothing is kept of the second.
 */
export async function receive(house: House, letter: IncomingLetter, token: SubmissionToken): Promise<Received> {
  const code = codeFor(house.keys, token)
  const ready = sealed(house, letter, token, code)
  const { files = [] } = letter
  const outcome =
    files.length > 0 ? await receiveWithFiles(house.db, ready, files) : await counterOf(house.db, letter.channel)(ready)
  return outcome === 'different' ? { refused: 'different' } : { outcome, code }
}

/**
 * A letter that came on `day`, sealed, as the last arguments of an act that has more to write with it: letters that a
 * clerk records exist only together with her entry, so that act receives them too.
 */
export function readyToReceive(
  house: House,
  letter: IncomingLetter,
  { token, day }: { token: SubmissionToken; day: Temporal.PlainDate },
): Readonly<{ code: ReceiptCode; caseId: CaseId; letter: Sql }> {
  const code = codeFor(house.keys, token)
  const taken = sealed(house, letter, token, code, day)
  return { code, caseId: taken.caseId, letter: sql`${letter.channel}, ${oneSealed(taken, letter.files ?? [])}` }
}

/** A letter that was received in a transaction of the caller's. `caseId` is that of a letter that is `received` now. */
export type ReceivedWith = Readonly<{ outcome: Outcome; code: ReceiptCode; caseId: CaseId }>

/**
 * Receives a letter that came by the web in a transaction that has more to write with it, such as a booking: all of it or
 * nothing. It is durable only when that transaction is.
 */
export async function receiveWith(
  house: House,
  tx: Tx,
  letter: IncomingLetter,
  token: SubmissionToken,
): Promise<ReceivedWith> {
  const { letter: ready, ...taken } = readyToReceive(house, letter, { token, day: today(house) })
  const row = await tx.row<{ outcome: Outcome }>(sql`select attachments.receive(${ready}) as outcome`)
  if (!row) throw new Error('receiving a letter gave no outcome')
  return { outcome: row.outcome, ...taken }
}

/** A letter with files is received alone: its files are attached in the same transaction. */
async function receiveWithFiles(db: Db, letter: SealedLetter, files: readonly TakenFile[]): Promise<Outcome> {
  const [row] = await db.once<{ outcome: Outcome }>(receivingFiles(letter, files))
  if (!row) throw new Error('receiving a letter gave no outcome')
  return row.outcome
}

/** Receives many invented letters of one channel in one transaction; their receipts are nobody's. For the sample's owner only. */
export async function receiveSamples(
  house: House,
  tx: Tx,
  letters: readonly IncomingLetter[],
): Promise<readonly CaseId[]> {
  const all = letters.map((letter) => {
    const token = issueToken(house.keys)
    return sealed(house, letter, token, codeFor(house.keys, token))
  })
  for (const channel of new Set(letters.map((letter) => letter.channel))) {
    const its = all.filter(({ letter }) => letter.channel === channel)
    await tx.rows(sql`select from correspondence.take_in(${channel}, ${allSealed(its)})`)
  }
  return all.map(({ caseId }) => caseId)
}

/** Each database has one counter a channel, at which letters are taken in. */
type Counter = (letter: SealedLetter) => Promise<Outcome>
const counters = new WeakMap<Db, Map<Channel, Counter>>()

function counterOf(db: Db, channel: Channel): Counter {
  const here = counters.get(db) ?? new Map<Channel, Counter>()
  counters.set(db, here)
  const known = here.get(channel)
  if (known) return known
  const counter = inBatches<SealedLetter, Outcome>(64, async (letters) => {
    const rows = await db.once<{ case_id: CaseId; outcome: Outcome }>(receiving(channel, letters))
    const outcomes = new Map(rows.map(({ case_id, outcome }) => [case_id, outcome]))
    return letters.map(({ caseId }) => {
      const outcome = outcomes.get(caseId)
      if (outcome === undefined) throw new Error('receiving a letter gave no outcome')
      return outcome
    })
  })
  here.set(channel, counter)
  return counter
}

/** A letter as the database takes it: nothing in it can be read without the city's keys. */
type SealedLetter = Readonly<{
  caseId: CaseId
  letter: Omit<IncomingLetter, 'answers' | 'contact' | 'files'>
  key: DataKey
  due: ReturnType<typeof dueOn>
  subject: SubjectId
  wrappedKey: Buffer
  kek: string
  message: string
  words: Buffer
  contact: Buffer | null
  receiptHash: Buffer
  idempotencyHash: Buffer
  contentDigest: Buffer
  acknowledge: boolean
  tokens: readonly Readonly<{ kind: TokenKind; token: Buffer }>[]
}>

function sealed(
  house: House,
  letter: IncomingLetter,
  token: SubmissionToken,
  code: ReceiptCode,
  day = today(house),
): SealedLetter {
  const { keys } = house
  const { answers, contact, files = [], ...rest } = letter
  // By the city's rules of topic and place; what came in is compared as it was sent.
  const topic = routed(house.city, letter)
  const caseId = newId() as CaseId
  const message = newId()
  const { key, stored } = newDataKey(keys, newId() as SubjectId)
  const known = Object.keys(contact).length > 0 ? JSON.stringify(contact) : undefined
  const words = JSON.stringify({ answers })
  return {
    caseId,
    letter: { ...rest, topic },
    key,
    due: dueOn(house.city, topic, day),
    subject: key.subject,
    wrappedKey: stored.wrapped,
    kek: stored.kek,
    message,
    words: seal(key, { table: 'message', column: 'sealed', row: message }, words),
    contact:
      known === undefined ? null : seal(key, { table: 'casefile', column: 'sealed_contact', row: caseId }, known),
    receiptHash: sha256(secretOf(keys, code)),
    idempotencyHash: keyed(house, `idempotency|${letter.form}|${token}`),
    contentDigest: keyed(
      house,
      `content|${letter.topic}|${letter.place ?? ''}|${words}|${known ?? ''}${digestOf(files)}`,
    ),
    acknowledge: contact.email !== undefined && letter.acknowledge !== false,
    tokens: tokenKinds.flatMap((kind) => {
      const value = contact[kind]
      return value === undefined ? [] : [{ kind, token: blindToken(keys, kind, value) }]
    }),
  }
}

const digestOf = (files: readonly TakenFile[]): string =>
  files.map(({ sha256 }) => `|${sha256.toString('hex')}`).join('')

/** The content is compared under a key: a plain hash of a short letter could be guessed from the database. */
function keyed(house: House, text: string): Buffer {
  return house.keys.mac('idempotency', text)
}

/** What comes by mail the keeper brings; by the web, the app. The database lets neither of them bring anything else. */
function receiving(channel: Channel, letters: readonly SealedLetter[]): Sql {
  return channel === 'email'
    ? sql`select case_id, outcome from correspondence.receive_mail(${allSealed(letters)})`
    : sql`select case_id, outcome from correspondence.receive(${channel}, ${allSealed(letters)})`
}

function receivingFiles(one: SealedLetter, files: readonly TakenFile[]): Sql {
  const { channel } = one.letter
  return channel === 'email'
    ? sql`select attachments.receive_mail(${oneSealed(one, files)}) as outcome`
    : sql`select attachments.receive(${channel}, ${oneSealed(one, files)}) as outcome`
}

function allSealed(letters: readonly SealedLetter[]): Sql {
  const each = <T>(of: (letter: SealedLetter) => T) => letters.map(of)
  const tokens = letters.flatMap(({ subject, tokens }) => tokens.map((token) => ({ subject, ...token })))
  return sql`${each((l) => l.caseId)}, ${each((l) => l.letter.form)}, ${each((l) => l.letter.formVersion)},
    ${each((l) => l.letter.topic)}, ${each((l) => l.letter.place ?? null)}, ${each((l) => l.letter.language)},
    ${each((l) => l.due)}, ${each((l) => l.subject)}, ${each((l) => l.wrappedKey)}, ${each((l) => l.kek)},
    ${each((l) => l.message)}, ${each((l) => l.words)}, ${each((l) => l.contact)}, ${each((l) => l.receiptHash)},
    ${each((l) => l.idempotencyHash)}, ${each((l) => l.contentDigest)}, ${each((l) => l.acknowledge)},
    ${tokens.map((t) => t.subject)}, ${tokens.map((t) => t.kind)}, ${tokens.map((t) => t.token)}`
}

function oneSealed(l: SealedLetter, files: readonly TakenFile[]): Sql {
  return sql`${l.caseId}, ${l.letter.form}, ${l.letter.formVersion}, ${l.letter.topic},
    ${l.letter.place ?? null}, ${l.letter.language}, ${l.due}, ${l.subject}, ${l.wrappedKey}, ${l.kek}, ${l.message},
    ${l.words}, ${l.contact}, ${l.receiptHash}, ${l.idempotencyHash}, ${l.contentDigest}, ${l.acknowledge},
    ${l.tokens.map(({ kind }) => kind)}, ${l.tokens.map(({ token }) => token)}, ${filesSealed(l.key, files)}`
}
