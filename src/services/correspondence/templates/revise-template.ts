import { sql } from '../../../plumbing/index.ts'
import { strangeIn, type DepartmentId } from '../../../city/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../house.ts'

export const longestTemplate = 4_000
export const longestTitle = 80

export type TemplateWritten = Readonly<{
  id: string
  /** The revision that she had before her; 0 for a new template. */
  version: number
  department: DepartmentId
  title: string
  en: string
  es: string
}>
export type TemplateField = 'title' | 'en' | 'es'
export type Revised =
  | Readonly<{ done: true }>
  | Readonly<{ refused: 'not-there' | 'changed' | 'too-many' }>
  | Readonly<{ refused: 'mistakes'; mistakes: Readonly<Partial<Record<TemplateField, Mistake>>> }>
export type Mistake = Readonly<{ what: 'empty' | 'too-long' }> | Readonly<{ what: 'strange'; strange: string }>

/**
 * Writes a template of a department anew, or a new one. Only placeholders of the closed list may stand in it. The ledger
 * tells that it was revised, by which duty; its words are about nobody. Refusals: not-there (no duty of hers keeps this
 * department's templates), changed, too-many (200 a department), mistakes (by field).
 */
export async function reviseTemplate(house: House, actor: StaffActor, written: TemplateWritten): Promise<Revised> {
  const mistakes = Object.fromEntries(
    (['title', 'en', 'es'] as const).flatMap((field) => {
      const mistake = mistakeIn(field, written[field])
      return mistake ? [[field, mistake]] : []
    }),
  )
  if (Object.keys(mistakes).length > 0) return { refused: 'mistakes', mistakes }
  return revise(house, actor, written, false)
}

/** Takes a template away; its revisions stay. Refusals: not-there, changed. */
export async function removeTemplate(house: House, actor: StaffActor, written: TemplateWritten): Promise<Revised> {
  return revise(house, actor, written, true)
}

async function revise(house: House, actor: StaffActor, written: TemplateWritten, removed: boolean): Promise<Revised> {
  const { id, version, department, title, en, es } = written
  const spanish = es.trim() === '' ? null : es.trim()
  return house.db.transaction(async (tx): Promise<Revised> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'not-there' | 'changed' | 'too-many' }>(
      sql`select correspondence.revise_template(${id}, ${version}, ${department}, ${title.trim()}, ${en.trim()},
        ${spanish}, ${removed}) as outcome`,
    )
    if (!row) throw new Error('revising a template gave no outcome')
    return row.outcome === 'done' ? { done: true } : { refused: row.outcome }
  })
}

function mistakeIn(field: TemplateField, text: string): Mistake | undefined {
  const words = text.trim()
  if (words === '') return field === 'es' ? undefined : { what: 'empty' }
  if (words.length > (field === 'title' ? longestTitle : longestTemplate)) return { what: 'too-long' }
  const strange = field === 'title' ? undefined : strangeIn(words)
  return strange === undefined ? undefined : { what: 'strange', strange }
}

export type Concern = 'email' | 'telephone' | 'name'

/** What in a template looks as if it were about somebody. It is kept, and said: a department's own address is allowed. */
export function concernsIn(words: string): readonly Concern[] {
  const looks: readonly (readonly [Concern, RegExp])[] = [
    ['email', /[^\s@{}]+@[^\s@{}]+\.[a-z]{2,}/i],
    ['telephone', /(?:\d[\s().-]{0,3}){7,}/],
    ['name', /\b(?:Dear|Mr|Mrs|Ms|Hello|Hi|Estimad[oa]|Querid[oa]|Sra?|Hola,?)\.? +\p{Lu}\p{Ll}+/u],
  ]
  return looks.filter(([, pattern]) => pattern.test(words)).map(([concern]) => concern)
}
