/** What one question was answered with. Money is in whole cents, dates and times as in ISO 8601, places as "lat,long". */
export type Answer = string | number | boolean | readonly string[] | Row | readonly Row[]

/** The parts of a person or a child, or one row of a table. */
export type Row = Readonly<{ [part: string]: string | number | boolean }>

/** Only questions of the form, only those that were asked and answered, in the order in which they are asked. */
export type Answers = Readonly<{ [field: string]: Answer }>

export const isRow = (answer: Answer | undefined): answer is Row => typeof answer === 'object' && !Array.isArray(answer)

/** The rows of a table; none where it is not one. */
export function rowsOf(answer: Answer | undefined): readonly Row[] {
  return Array.isArray(answer) ? answer.filter((one): one is Row => typeof one === 'object') : []
}
