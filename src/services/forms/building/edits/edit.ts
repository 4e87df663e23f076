import type { Text } from '../../../../city/index.ts'
import type { FieldEntry, FormFile, Kind, PartEntry, SimpleKind } from '../../define-file.ts'
import type { DraftPart, DraftProperty } from '../draft.ts'

type PageEntry = NonNullable<FormFile['pages']>[string]

/** What is said of the form as a whole. */
export type FormWritten = Pick<FormFile, 'title' | 'intro' | 'topic' | 'topic-from' | 'place-from' | 'duplicates' | 'minors' | 'layout' | 'in-order'> // prettier-ignore

/** Everything of one question but its parts. Keys and limits that are not of its kind are dropped. */
export type QuestionWritten = Readonly<{
  field: Omit<FieldEntry, 'parts'>
  answer: Omit<DraftProperty, 'items' | 'properties' | 'required'>
  required: boolean
}>
export type PartWritten = Readonly<{ field: PartEntry; answer: DraftPart; required: boolean }>

/** One thing that a clerk does to a draft. Each is a function from draft to draft, so all of them can be tried out. */
export type Edit =
  | Readonly<{ edit: 'describe'; written: FormWritten }>
  | Readonly<{ edit: 'add-question'; name: string; kind: Kind; label: Text; after?: string }>
  | Readonly<{ edit: 'change-question'; name: string; written: QuestionWritten }>
  | Readonly<{ edit: 'move-question'; name: string; by: -1 | 1 }>
  | Readonly<{ edit: 'remove-question'; name: string }>
  | Readonly<{ edit: 'add-part'; question: string; name: string; kind: SimpleKind; label: Text }>
  | Readonly<{ edit: 'change-part'; question: string; name: string; written: PartWritten }>
  | Readonly<{ edit: 'move-part'; question: string; name: string; by: -1 | 1 }>
  | Readonly<{ edit: 'remove-part'; question: string; name: string }>
  | Readonly<{ edit: 'start-page'; at: string; page: string; title: Text }>
  | Readonly<{ edit: 'change-page'; page: string; written: Omit<PageEntry, 'fields'> }>
  | Readonly<{ edit: 'join-page'; page: string }>
  | Readonly<{ edit: 'charge'; fees?: FormFile['fees']; waivers?: FormFile['waivers'] }>

/** Why an edit was not done; the draft is as it was. `by`: the question that speaks of this one. */
export type EditRefused =
  | Readonly<{ refused: 'not-there' | 'name-taken' | 'no-name' | 'last-part' | 'at-the-end' }>
  | Readonly<{ refused: 'in-use'; by: string }>
