import type { DraftFile } from '../draft.ts'
import { changeWords } from './describe.ts'
import type { Edit, EditRefused } from './edit.ts'
import { changePage, joinPage, startPage } from './pages.ts'
import { addPart, changePart, movePart, removePart } from './parts.ts'
import { addQuestion, changeQuestion, moveQuestion, removeQuestion } from './questions.ts'

/** The draft after an edit, or why it cannot be done. What is not of the edit stays as it was. */
export function applyEdit(draft: DraftFile, edit: Edit): DraftFile | EditRefused {
  switch (edit.edit) {
    case 'describe':
      return changeWords(draft, edit.written)
    case 'add-question':
      return addQuestion(draft, edit)
    case 'change-question':
      return changeQuestion(draft, edit.name, edit.written)
    case 'move-question':
      return moveQuestion(draft, edit.name, edit.by)
    case 'remove-question':
      return removeQuestion(draft, edit.name)
    case 'add-part':
      return addPart(draft, edit)
    case 'change-part':
      return changePart(draft, edit.question, edit.name, edit.written)
    case 'move-part':
      return movePart(draft, edit.question, edit.name, edit.by)
    case 'remove-part':
      return removePart(draft, edit.question, edit.name)
    case 'start-page':
      return startPage(draft, edit)
    case 'change-page':
      return changePage(draft, edit.page, edit.written)
    case 'join-page':
      return joinPage(draft, edit.page)
    case 'charge':
      return charged(draft, edit)
    default:
      return edit satisfies never
  }
}

function charged({ fees: _, waivers: __, ...draft }: DraftFile, { fees, waivers }: Extract<Edit, { edit: 'charge' }>) {
  return { ...draft, ...(fees?.length && { fees }), ...(waivers?.length && { waivers }) }
}
