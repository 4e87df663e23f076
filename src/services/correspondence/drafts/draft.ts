import type { Temporal } from 'temporal-polyfill'
import { sql, type Reader } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import { unseal, type DataKey, type Standing } from '../../../trust/vault/index.ts'

export const draftKinds = ['reply', 'note'] as const
export type DraftKind = (typeof draftKinds)[number]

/** What a clerk began to write and has not sent. Its words are there only while the letter is open on her desk. */
export type KeptDraft = Readonly<{
  kind: DraftKind
  words?: string
  /** The version of the case that she had before her. */
  version: number
  savedAt: Temporal.Instant
}>

/** A draft's seal is bound to its case, its writer and its kind: in another's row it does not open. */
export function standingOf(caseId: CaseId, employee: number, kind: DraftKind): Standing {
  return { table: 'draft', column: 'sealed', row: `${caseId}/${String(employee)}/${kind}` }
}

type DraftRow = { kind: DraftKind; sealed: Buffer | null; version: number; saved_at: Temporal.Instant }

/** The acting employee's own drafts on the case in hand. */
export async function draftsInHand(
  tx: Reader,
  of: { caseId: CaseId; employee: number; key?: DataKey },
): Promise<readonly KeptDraft[]> {
  const rows = await tx.rows<DraftRow>(sql`select kind, sealed, version, saved_at from correspondence.drafts_in_hand()`)
  return rows.map(({ kind, sealed, version, saved_at }) => ({
    kind,
    version,
    savedAt: saved_at,
    ...(sealed && of.key && { words: wordsIn(unseal(of.key, standingOf(of.caseId, of.employee, kind), sealed)) }),
  }))
}

const wordsIn = (json: string): string => (JSON.parse(json) as { words: string }).words
