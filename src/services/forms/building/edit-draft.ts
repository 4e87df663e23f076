import { createHash } from 'node:crypto'
import type { Db } from '../../../plumbing/index.ts'
import type { StaffActor } from '../../../trust/need-to-know/index.ts'
import type { DraftFile } from './draft.ts'
import { applyEdit } from './edits/apply.ts'
import type { Edit, EditRefused } from './edits/edit.ts'
import { insideOf } from './edits/parts.ts'
import { draftsOnDesk, type VersionOnDesk } from './on-desk.ts'
import { saveDraft } from './save-draft.ts'

export type Edited =
  | Readonly<{ done: true; draft: DraftFile }>
  /** A colleague changed the very thing that she had before her; hers is not kept, and neither is lost. */
  | Readonly<{ refused: 'changed' }>
  | EditRefused

/** What she had before her when she began to write: the mark of that piece of the draft. */
export type EditAsked = Readonly<{ form: string; edit: Edit; seen?: string | undefined }>

const mostTries = 4

/**
 * Does one edit on the draft that is open now. Two clerks may work on one form: only what both changed at once is refused
 * (`changed`), by the mark of the piece that each had before her; everything else is done on top of the other's work.
 */
export async function editDraft(house: Readonly<{ db: Db }>, actor: StaffActor, asked: EditAsked): Promise<Edited> {
  for (let tries = 0; tries < mostTries; tries++) {
    const open = openDraft(await draftsOnDesk(house, actor, asked.form))
    if (!open) return { refused: 'not-there' }
    if (asked.seen !== undefined && asked.seen !== markOf(open.draft, asked.edit)) return { refused: 'changed' }
    const draft = applyEdit(open.draft, asked.edit)
    if ('refused' in draft) return draft
    const saved = await saveDraft(house, actor, { draft, revision: open.revision })
    if ('done' in saved) return { done: true, draft }
    if (saved.refused === 'not-there') return saved
  }
  return { refused: 'changed' }
}

export const openDraft = (versions: readonly VersionOnDesk[]): VersionOnDesk | undefined =>
  versions.find(({ state, builds }) => builds && (state.is === 'draft' || state.is === 'in-review'))

/** A mark of what an edit changes, as it is now; the same mark is the same words. */
export function markOf(draft: DraftFile, edit: Edit): string {
  return createHash('sha256')
    .update(JSON.stringify([pieceOf(draft, edit)]))
    .digest('base64url')
    .slice(0, 16)
}

function pieceOf(draft: DraftFile, edit: Edit): unknown {
  switch (edit.edit) {
    case 'describe': {
      const { fields: _, schema: __, pages: ___, fees: ____, waivers: _____, ...words } = draft
      return words
    }
    case 'change-question':
    case 'remove-question':
      return [draft.fields[edit.name], draft.schema.properties[edit.name], draft.schema.required?.includes(edit.name)]
    case 'change-part':
    case 'remove-part': {
      const inside = insideOf(draft, edit.question)
      return [inside?.parts[edit.name], inside?.answers[edit.name], inside?.required.includes(edit.name)]
    }
    case 'change-page':
    case 'join-page':
      return [draft.pages?.[edit.page]?.title, draft.pages?.[edit.page]?.intro, draft.pages?.[edit.page]?.when]
    case 'charge':
      return [draft.fees, draft.waivers]
    default:
      return undefined
  }
}
