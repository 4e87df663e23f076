import { localeOf, type Language } from '../../plumbing/index.ts'
import type { FormDefinition } from '../forms/index.ts'
import { say } from './messages.ts'
import { choiceWords, type Results, type Table } from './results.ts'

/** One row as it is read: the numbers in words, and what a machine makes of them. */
export type Row = Readonly<{ label: string; answers: number | undefined; share: number | undefined }>
export type ReadTable = Readonly<{ title: string; several: boolean; rows: readonly Row[] }>

/** The tables of a publication in a reader's language, in the order of the questions. */
export function readTables(language: Language, form: FormDefinition, results: Results): readonly ReadTable[] {
  return results.tables.flatMap((table) => {
    const field = form.fields.find(({ name }) => name === table.question)
    if (!field) return []
    const base = baseOf(table, results.counted)
    const row = (label: string, answers: number | undefined, of: number | undefined): Row => ({
      label,
      answers,
      share: answers === undefined || of === undefined || of === 0 ? undefined : answers / of,
    })
    const rows = table.cells.map(({ choice, answers }) => row(choiceWords(field, choice)[language], answers, base))
    const none = table.none === 0 ? [] : [row(say(language, 'noAnswer'), table.none, undefined)]
    return [{ title: field.label[language], several: table.kind === 'shares', rows: [...rows, ...none] }]
  })
}

/** Shares are of those who answered the question, where that number may be known; else of all. */
function baseOf({ none }: Table, counted: number | undefined): number | undefined {
  return counted === undefined ? undefined : counted - (none ?? 0)
}

const formats = new Map<Language, Intl.NumberFormat>()

export function percent(language: Language, share: number): string {
  const known =
    formats.get(language) ?? new Intl.NumberFormat(localeOf(language), { style: 'percent', maximumFractionDigits: 0 })
  formats.set(language, known)
  return known.format(share)
}
