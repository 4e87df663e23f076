import { sql, type Language, type Reader } from '../../../plumbing/index.ts'
import type { City, DepartmentId } from '../../../city/index.ts'

/** Words for an answer, of the city's files or of a department's own. Where Spanish is missing, the English words stand. */
export type OfferedTemplate = Readonly<{
  id: string
  title: string
  department: DepartmentId | 'all'
  words: Readonly<{ en: string; es?: string }>
  /** Written on the desk: its version, and whether it is the acting employee's to change. */
  desk?: Readonly<{ version: number; may: boolean }>
}>

type Row = {
  id: string
  version: number
  department: DepartmentId
  title: string
  en: string
  es: string | null
  may: boolean
}

/** The templates that departments of the acting employee wrote on the desk. */
export async function deskTemplates(tx: Reader): Promise<readonly OfferedTemplate[]> {
  const rows = await tx.rows<Row>(
    sql`select id, version, department, title, en, es, may from correspondence.templates()`,
  )
  return rows.map(({ id, version, department, title, en, es, may }) => ({
    id,
    title,
    department,
    words: { en, ...(es !== null && { es }) },
    desk: { version, may },
  }))
}

/** The templates for a case of this department: its own first, then those of all. */
export async function templatesFor(
  tx: Reader,
  city: City,
  department: DepartmentId,
): Promise<readonly OfferedTemplate[]> {
  const ofCity = [...city.templates.values()]
  return [
    ...(await deskTemplates(tx)).filter((one) => one.department === department),
    ...ofCity.filter((one) => one.department === department),
    ...ofCity.filter((one) => one.department === 'all'),
  ]
}

export const wordsOf = ({ words }: OfferedTemplate, language: Language): string => words[language] ?? words.en
