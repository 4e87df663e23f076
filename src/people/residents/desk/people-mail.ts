import type { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Language } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { unseal, unwrap, type Keys, type SubjectId } from '../../../trust/vault/index.ts'
import { mailAt, type MailWords } from '../mail-at.ts'

/** A mail to a person that did not go out: what kind and how old; to whom and what it says is sealed. */
export type KeptMail = Readonly<{
  id: string
  kind: string
  language: Language
  state: 'kept' | 'failed'
  failure: string | null
  writtenAt: Temporal.Instant
  /** Its words are still there. */
  readable: boolean
}>

export type OpenedMail = Readonly<{ id: string; language: Language; words: MailWords }>

type House = Readonly<{ db: Db; keys: Keys }>

/** The mails that could not go out, for whoever has the power `consent`; for everybody else there are none. */
export function keptMails({ db }: House, actor: StaffActor): Promise<readonly KeptMail[]> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    return tx.rows<KeptMail>(sql`select id, kind, language, state, failure, written_at as "writtenAt", readable
      from residents.kept_mails()`)
  })
}

/** Opens one: who, on what duty and why is written down and committed before its key is given. False: not there for her. */
export async function openKept({ db }: House, actor: StaffActor, id: string, reason: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    const row = await tx.row<{ opening: string | null }>(sql`select residents.open_mail(${id}, ${reason}) as opening`)
    return row?.opening != null
  })
}

type Handed = { subject: SubjectId; wrapped_key: Buffer; kek: string; sealed: Buffer; language: Language }

/** What this session has open; undefined where it has not, or no longer. */
export function readKept({ db, keys }: House, actor: StaffActor, id: string): Promise<OpenedMail | undefined> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    const row = await tx.row<Handed>(sql`select * from residents.opened_mail(${id})`)
    if (!row) return undefined
    const key = unwrap(keys, row.subject, { wrapped: row.wrapped_key, kek: row.kek })
    return { id, language: row.language, words: JSON.parse(unseal(key, mailAt(id), row.sealed)) as MailWords }
  })
}

/** She told the person by other means: the words are dropped. */
export function settleKept({ db }: House, actor: StaffActor, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    return (await tx.row<{ done: boolean }>(sql`select residents.settle_kept(${id}) as done`))?.done === true
  })
}

/** She printed a letter and posted it: its words are dropped, and the ledger says so. */
export function postedLetter({ db }: House, actor: StaffActor, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    return (await tx.row<{ done: boolean }>(sql`select residents.posted(${id}) as done`))?.done === true
  })
}
