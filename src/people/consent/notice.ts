import { createHash } from 'node:crypto'
import type { AgencyId, City, RetentionId, Text, TopicId } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { Band, Sensitivity } from './rules.ts'

/** What consent is asked for: `form:<id>`, or another room's kind and identifier. */
export type ThingId = `${string}:${string}`

/** One purpose as the room of the thing knows it. All words are those a guardian reads. */
export type PurposeDraft = Readonly<{
  id: string
  title: Text
  why: Text
  /** The questions that are answered under this consent, by the field under which the answer is held. */
  asks: readonly Readonly<{ field: string; label: Text }>[]
  sees: Text
  kept: Text
  /** Whether taking part needs it: the end of such a consent ends taking part. */
  needed: boolean
  /** Whether what is held becomes a city record, kept under custody when the consent ends. */
  record: boolean
  retention: RetentionId
  topic: TopicId
  /** Who of the staff may open it: duties that read the topic; whoever runs the session, on its days; nobody. */
  sight: 'topic' | 'session' | 'nobody'
  sensitivity: Sensitivity
  /** Whether anybody outside the city ever gets to see it. */
  disclosed: boolean
  /** Governments that are given it, and are told to stop when the consent ends. */
  agencies?: readonly AgencyId[]
  /** A reason of the city's consent.yaml. */
  closedToGuardians?: string
  lasts: Readonly<{ days: number }> | Readonly<{ until: string }>
}>

export type NoticeDraft = Readonly<{ thing: ThingId; title: Text; purposes: readonly PurposeDraft[] }>

export type Purpose = PurposeDraft & Readonly<{ strength: Readonly<Record<Band, number>> }>

/** What a guardian is told and asked, complete: with how strongly she has to show who she is. */
export type Notice = Readonly<{ thing: ThingId; title: Text; purposes: readonly Purpose[] }>

/** A notice's name: the hash of its words. */
export type NoticeHash = string & { readonly __notice: true }

/** A notice as it is kept. Versions of one thing are counted 1, 2, 3. */
export type KeptNotice = Readonly<{ hash: NoticeHash; version: number; notice: Notice }>

/** Adds what the city's rules ask: e-mail alone is never enough where anything is disclosed (16 CFR 312.5(b)(2)(vi)). */
export function makeNotice({ consent }: City, draft: NoticeDraft): Notice {
  if (!consent) throw new Error('this city has no rules of consent, so nothing may ask minors')
  const strengthOf = ({ sensitivity, disclosed }: PurposeDraft, band: Band) =>
    Math.max(consent.strength[sensitivity][band], disclosed ? 2 : 1)
  return {
    thing: draft.thing,
    title: draft.title,
    purposes: draft.purposes.map((purpose) => ({
      ...purpose,
      strength: { 'under-13': strengthOf(purpose, 'under-13'), 'under-18': strengthOf(purpose, 'under-18') },
    })),
  }
}

/** The words that are hashed: keys in the alphabet's order, so that equal notices have one name. */
export function noticeText(notice: Notice): string {
  return JSON.stringify(notice, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

export function noticeHash(notice: Notice): NoticeHash {
  return createHash('sha256').update(noticeText(notice)).digest('hex') as NoticeHash
}

/** Keeps a notice, and proves to the database that the city's own program made it. Keeping it again changes nothing. */
export async function keepNotice(tx: Tx, keys: Keys, notice: Notice): Promise<NoticeHash> {
  const hash = noticeHash(notice)
  const message = `notice|${notice.thing}|${hash}`
  const mac = keys.mac('session-authority', message)
  const row = await tx.row<{ hash: Buffer | null }>(
    sql`select consent.keep_notice(${notice.thing}, ${noticeText(notice)}, ${mac}) as hash`,
  )
  if (!row?.hash) throw new Error(`the notice of ${notice.thing} was not kept`)
  return hash
}

export async function readNotice(tx: Tx, hash: NoticeHash): Promise<KeptNotice | undefined> {
  const row = await tx.row<{ version: number; content: string }>(
    sql`select version, content from consent.notice_of(${bytesOf(hash)})`,
  )
  return row && { hash, version: row.version, notice: JSON.parse(row.content) as Notice }
}

export const bytesOf = (hash: NoticeHash): Buffer => Buffer.from(hash, 'hex')
export const hashOf = (bytes: Buffer): NoticeHash => bytes.toString('hex') as NoticeHash
