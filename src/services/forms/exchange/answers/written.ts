import { stringify } from 'csv-stringify/sync'
import type { FormDefinition } from '../../define.ts'
import type { Field } from '../../define-field.ts'
import type { ExportRow } from './export-answers.ts'

type Columns = Readonly<{ form: FormDefinition; fields: readonly Field[]; timeZone: string }>

/** A spreadsheet runs what begins with one of these signs, also behind blanks; an apostrophe before it makes it text. */
export function harmless(text: string): string {
  return /^[\s\u00a0\u200b-\u200d\ufeff]*[=+\-@|%＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
}

const line = (cells: readonly string[]) =>
  stringify([cells.map(harmless)], { record_delimiter: 'windows', quoted: true })

/** Answers as CSV (RFC 4180). With a mark at its start, Excel knows that it is UTF-8. A table is in its cell as JSON. */
export async function* asCsv(
  columns: Columns,
  letters: AsyncIterable<ExportRow>,
  mark: boolean,
): AsyncGenerator<string> {
  const { fields } = columns
  yield (mark ? '\ufeff' : '') + line(['Case', 'Received', 'Version', ...fields.map(({ label }) => label.en)])
  for await (const row of letters)
    yield line([
      String(row.number),
      dayOf(columns, row),
      String(row.version),
      ...fields.map((field) => cell(columns, field, row)),
    ])
}

/** Answers as JSON, typed: a number is a number, a table is its rows. What was not answered is not there. */
export async function* asJson(columns: Columns, letters: AsyncIterable<ExportRow>): AsyncGenerator<string> {
  yield '['
  let first = true
  for await (const row of letters) {
    const answers = columns.fields.flatMap((field) => {
      const said = saidIn(columns, field, row)
      return said === undefined ? [] : [[field.name, said] as const]
    })
    const one = {
      case: row.number,
      received: dayOf(columns, row),
      version: row.version,
      answers: Object.fromEntries(answers),
    }
    yield `${first ? '' : ','}\n${JSON.stringify(one)}`
    first = false
  }
  yield '\n]\n'
}

const dayOf = ({ timeZone }: Columns, { receivedAt }: ExportRow) =>
  receivedAt.toZonedDateTimeISO(timeZone).toPlainDate().toString()

function saidIn({ form }: Columns, { name }: Field, { answers, contact }: ExportRow): unknown {
  const category = (['name', 'email', 'telephone'] as const).find((one) => form.contact[one] === name)
  if (category) return contact[category]
  const answer = answers.find(({ field }) => field === name)
  return answer && (answer.said ?? answer.value)
}

function cell(columns: Columns, field: Field, row: ExportRow): string {
  const answer = row.answers.find((one) => one.field === field.name)
  if (field.kind === 'table') return answer?.said === undefined ? '' : JSON.stringify(answer.said)
  const said = answer ? answer.value : saidIn(columns, field, row)
  return typeof said === 'string' ? said : ''
}
