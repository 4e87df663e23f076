import type { DutyId } from '../../city/index.ts'
import type { Html, Language, Tx } from '../../plumbing/index.ts'
import type { Staff } from '../../trust/need-to-know/index.ts'
import type { DataKey } from '../../trust/vault/index.ts'
import type { ContactDetails } from './letter.ts'
import type { Letter } from './read-case.ts'
import type { CaseLine } from './tables.ts'

/** What a panel may see of a case on a clerk's desk. The transaction has entered as her, with the case in hand. */
export type SeenOnDesk = Readonly<{
  line: CaseLine
  staff: Staff
  /** The duty that brings this case to her desk. */
  duty: DutyId
  /** The part of the inbox beside it, as a query to keep in addresses. */
  query: string
  /** Where something of this case is kept: what a room above does not find itself in, it need not ask the database for. */
  beside: ReadonlySet<Beside>
  /** The person's key, with what it opened, only while the envelope is open. */
  key?: DataKey
  letters?: readonly Letter[]
  contact?: ContactDetails
}>

/** What may lie beside a case, as the database says it in one look (`correspondence.beside_in_hand`). */
export type Beside =
  | 'attachments'
  | 'drafts'
  | 'writing'
  | 'mailroom'
  | 'counter'
  | 'payments'
  | 'bookings'
  | 'activities'
  | 'reminders'
  | 'joined'
  | 'minors'
  | 'open311'
  | 'referral'

/** What a panel may see of a case on the person's own page. The transaction has entered as her. */
export type SeenOnReceipt = Readonly<{
  line: CaseLine
  language: Language
  key: DataKey
  /** The address of her page, without language prefix, for what a panel lets her do. It holds her code. */
  path: string
}>

/** How the answers of a case were asked. */
export type AnswersAsked = Readonly<{
  /** The question in English, where it is known. */
  labelOf(field: string): string | undefined
  /** What shows an answer better than its words. */
  below(field: string, value: string): Html | undefined
}>

/** What a room further up shows on a case: above or below the letters on the desk, or on the person's own page. */
export type CasePanel = Readonly<{
  /** Above the letters: what should be known before reading or answering. */
  atTop?: (tx: Tx, seen: SeenOnDesk) => Promise<Html | undefined>
  onDesk?: (tx: Tx, seen: SeenOnDesk) => Promise<Html | undefined>
  /** The questions behind the answers, as they were asked. */
  asked?: (tx: Tx, seen: SeenOnDesk) => Promise<AnswersAsked | undefined>
  onReceipt?: (tx: Tx, seen: SeenOnReceipt) => Promise<Html | undefined>
  /** At the top of her page: what she came for. */
  topOfReceipt?: (tx: Tx, seen: SeenOnReceipt) => Promise<Html | undefined>
  /** In the rail beside every list of cases. The transaction has entered as the clerk. */
  inRail?: (tx: Tx, seen: Readonly<{ staff: Staff }>) => Promise<Html | undefined>
}>

/** The panels that have something to show, in the order in which the rooms were handed in; all are asked at once. */
export async function panelsOf<Seen>(
  ask: readonly (((tx: Tx, seen: Seen) => Promise<Html | undefined>) | undefined)[],
  tx: Tx,
  seen: Seen,
): Promise<readonly Html[]> {
  const shown = await Promise.all(ask.map(async (panel) => panel?.(tx, seen)))
  return shown.filter((inside) => inside !== undefined)
}
