import type { Temporal } from 'temporal-polyfill'
import { sql, type Reader } from '../../plumbing/index.ts'
import type { AgencyId, CaseId, DepartmentId, DutyId } from '../../city/index.ts'
import { unseal, type DataKey } from '../../trust/vault/index.ts'
import { readAttachments, type Attachment } from '../attachments/index.ts'
import type { MailKind } from './compose.ts'
import type { Answer, Channel, ContactDetails } from './letter.ts'
import type { Beside } from './panel.ts'
import { caseColumns, caseLine, type CaseLine } from './tables.ts'

/** One message of a case, opened. */
export type Letter = Readonly<{
  id: string
  seq: number
  kind: 'letter' | 'addition' | 'reply' | 'note' | 'referral' | 'agency'
  writtenAt: Temporal.Instant
  /** The door it came through; absent on what the city wrote. */
  channel?: Channel
  employee?: number
  duty?: DutyId
  answers?: readonly Answer[]
  words?: string
  /** Whose answer it is, or to whom parts of the letter were sent. */
  agency?: AgencyId
  /** What came with it. */
  files?: readonly Attachment[]
}>

/** One act on the case, as the ledger has it. `sequenced`: it stands in the public tree, so it can be proved. */
export type EntryLine = Readonly<{
  id: string
  at: Temporal.Instant
  act: string
  actorKind: 'person' | 'staff' | 'system' | 'operator'
  subjectCount: number
  duty?: DutyId
  department?: DepartmentId
  purpose?: string
  reason?: string
  detail?: string
  sequenced: boolean
}>

export type MailLine = Readonly<{
  id: string
  kind: MailKind
  /** `failed`: it was not taken. `bounced`: it was, and came back. */
  state: 'waiting' | 'sent' | 'kept' | 'failed' | 'bounced'
  createdAt: Temporal.Instant
  settledAt?: Temporal.Instant
  failure?: string
  /** The message it brings; none: the acknowledgement. */
  messageId?: string
  /** Its copy can be read while the letter is open. */
  copied: boolean
}>

/** The case in hand for a clerk, with where else something of it is kept: both in one look. */
export async function readLineOnDesk(
  tx: Reader,
): Promise<Readonly<{ line: CaseLine; sealedContact?: Buffer; beside: ReadonlySet<Beside> }> | undefined> {
  const row = await tx.row<{ sealed_contact: Buffer | null; beside: readonly Beside[] | null }>(
    sql`select ${caseColumns}, c.sealed_contact, correspondence.beside_in_hand() as beside
      from correspondence.in_hand() c`,
  )
  if (!row) return undefined
  const { sealed_contact: sealedContact, beside } = row
  return { line: caseLine(row), ...(sealedContact && { sealedContact }), beside: new Set(beside) }
}

/** The case in hand, without its words. */
export async function readLine(tx: Reader, id: CaseId): Promise<(CaseLine & { sealedContact?: Buffer }) | undefined> {
  const row = await tx.row<{ sealed_contact: Buffer | null }>(
    sql`select ${caseColumns}, c.sealed_contact from correspondence.in_hand() c where c.id = ${id}`,
  )
  return row && { ...caseLine(row), ...(row.sealed_contact && { sealedContact: row.sealed_contact }) }
}

type MessageRow = {
  id: string
  seq: number
  kind: Letter['kind']
  written_at: Temporal.Instant
  channel: Channel | null
  employee: number | null
  duty: DutyId | null
  sealed: Buffer
}

/** The messages of the case in hand, opened with its key. `files`: false where it is known that none came with them. */
export async function readLetters(tx: Reader, key: DataKey, files = true): Promise<readonly Letter[]> {
  const [rows, attached] = await Promise.all([
    tx.rows<MessageRow>(
      sql`select id, seq, kind, written_at, channel, employee, duty, sealed from correspondence.messages_in_hand()`,
    ),
    files ? readAttachments(tx, key) : [],
  ])
  const its = Map.groupBy(attached, ({ messageId }) => messageId)
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    kind: row.kind,
    writtenAt: row.written_at,
    ...(row.channel !== null && { channel: row.channel }),
    ...(row.employee !== null && { employee: row.employee }),
    ...(row.duty !== null && { duty: row.duty }),
    ...(its.has(row.id) && { files: its.get(row.id) ?? [] }),
    ...(JSON.parse(unseal(key, { table: 'message', column: 'sealed', row: row.id }, row.sealed)) as Pick<
      Letter,
      'answers' | 'words' | 'agency'
    >),
  }))
}

export function readContact(key: DataKey, id: CaseId, sealed: Buffer | undefined): ContactDetails {
  if (!sealed) return {}
  return JSON.parse(unseal(key, { table: 'casefile', column: 'sealed_contact', row: id }, sealed)) as ContactDetails
}

type EntryRow = {
  id: string
  at: Temporal.Instant
  act: string
  actor_kind: EntryLine['actorKind']
  subject_count: number
  duty: DutyId | null
  department: DepartmentId | null
  purpose: string | null
  reason: string | null
  detail: string | null
  sequenced: boolean
}

/** What the ledger says about the case in hand, latest first; the count shows that nothing is missing. */
export async function readHistory(tx: Reader): Promise<readonly EntryLine[]> {
  const rows = await tx.rows<EntryRow>(
    sql`select id, at, act, actor_kind, subject_count, duty, department, purpose, reason, detail,
        seq is not null as sequenced
      from ledger.entries_in_hand() order by subject_count desc`,
  )
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    act: row.act,
    actorKind: row.actor_kind,
    subjectCount: row.subject_count,
    ...(row.duty !== null && { duty: row.duty }),
    ...(row.department !== null && { department: row.department }),
    ...(row.purpose !== null && { purpose: row.purpose }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.detail !== null && { detail: row.detail }),
    sequenced: row.sequenced,
  }))
}

type MailRow = {
  id: string
  kind: MailLine['kind']
  state: MailLine['state']
  created_at: Temporal.Instant
  settled_at: Temporal.Instant | null
  failure: string | null
  message_id: string | null
  copied: boolean
}

/** The mails of the case in hand, oldest first. */
export async function readMails(tx: Reader): Promise<readonly MailLine[]> {
  const rows = await tx.rows<MailRow>(
    sql`select id, kind, message_id, state, created_at, settled_at, failure, copied from correspondence.mails_in_hand()`,
  )
  return rows.map(mailLine)
}

export function mailLine(row: MailRow): MailLine {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    createdAt: row.created_at,
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
    ...(row.failure !== null && { failure: row.failure }),
    ...(row.message_id !== null && { messageId: row.message_id }),
    copied: row.copied,
  }
}
