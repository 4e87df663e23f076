import { sql, type Db, type Tx } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { DraftFile } from './draft.ts'

export type DraftToSave = Readonly<{
  /** Its `id` names the form, its topic says whose it is; `version` is given by the act. */
  draft: DraftFile
  /** The revision that she had before her; 0 begins a draft. */
  revision: number
  origin?: 'desk' | 'import'
}>

export type DraftSaved =
  | Readonly<{ done: true; version: number; revision: number }>
  /** `changed`: somebody was first, or a draft of this form is open already. `not-there`: also where it is not hers. */
  | Readonly<{ refused: 'changed' | 'not-there' }>

type Outcome = { outcome: 'done' | 'changed' | 'not-there'; version: number; revision: number }

/**
 * Begins a draft of a form, as the version after its last one, or keeps the next revision of the draft that is open. The
 * ledger tells that it was written, by which duty. What was in review has to be asked for again. Nothing is written on
 * refusal: `changed`, or `not-there` where no duty of hers builds forms of the department of its topic.
 */
export async function saveDraft(
  house: Readonly<{ db: Db }>,
  actor: StaffActor,
  save: DraftToSave,
): Promise<DraftSaved> {
  const { draft, revision, origin = 'desk' } = save
  return house.db.transaction(async (tx): Promise<DraftSaved> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    return savedFrom(
      await tx.row<Outcome>(sql`select outcome, version, revision
        from forms.save_draft(${draft.id}, ${revision}, ${JSON.stringify(draft)}::json, ${origin})`),
    )
  })
}

/** The same by whoever runs the site, as the owner: begins a draft. `changed` where one is open already. */
export async function saveDraftAsOperator(tx: Tx, draft: DraftFile): Promise<DraftSaved> {
  return savedFrom(
    await tx.row<Outcome>(sql`select outcome, version, revision
      from forms.keep_draft(${draft.id}, 0, ${JSON.stringify(draft)}::json, 'import', 'operator')`),
  )
}

function savedFrom(row: Outcome | undefined): DraftSaved {
  if (!row) throw new Error('saving a draft of a form gave no outcome')
  const { outcome, version, revision } = row
  return outcome === 'done' ? { done: true, version, revision } : { refused: outcome }
}
