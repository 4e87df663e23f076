import { stringify } from 'csv-stringify/sync'
import type { Language } from '../../plumbing/index.ts'
import { say } from './messages.ts'
import type { ReadTable } from './results-table.ts'

/**
 * The published tables as a file, small numbers hidden as on the page. A cell that a spreadsheet would take for a formula is
 * written as text (`escape_formulas`): questions and choices are the city's own words, yet a file goes anywhere.
 */
export function resultsCsv(language: Language, tables: readonly ReadTable[]): string {
  const rows = tables.flatMap(({ title, rows: its }) =>
    its.map(({ label, answers, share }) => [
      title,
      label,
      answers ?? say(language, 'hidden'),
      share === undefined ? '' : (Math.round(share * 1000) / 10).toString(),
    ]),
  )
  const head = [
    say(language, 'question'),
    ...(['answerHead', 'numberHead', 'shareHead'] as const).map((one) => say(language, one)),
  ]
  return `\uFEFF${stringify([head, ...rows], { escape_formulas: true, record_delimiter: 'windows' })}`
}
