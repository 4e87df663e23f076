import type { Field } from '../forms/index.ts'
import type { Questionnaire } from './load.ts'
import { suppressParts, suppressShares, type Cell } from './suppress.ts'

/** The results of one question, as they may be shown. `none`: how many left it open; undefined where hidden. */
export type Table = Readonly<{
  question: string
  kind: 'parts' | 'shares'
  cells: readonly Cell[]
  none: number | undefined
}>

/** What may be shown of a survey to anybody. `counted` is undefined where even that is too few. */
export type Results = Readonly<{ counted: number | undefined; tables: readonly Table[] }>

/** Under this a question was left open: a cell like any other, so that the rows of a table add up to all answers. */
const noneOf = ''

/** The tables of a survey from how often each choice was made, small numbers hidden. */
export function resultsOf(
  questions: Pick<Questionnaire, 'form'>,
  smallest: number,
  counted: number,
  tally: ReadonlyMap<string, number>,
): Results {
  if (counted < smallest) return { counted: undefined, tables: [] }
  const tables = questions.form.fields.flatMap((field): Table[] => {
    const choices = choicesOf(field)
    if (choices.length === 0) return []
    const cells = choices.map((choice) => ({ choice, answers: tally.get(`${field.name}=${choice}`) ?? 0 }))
    if (field.kind === 'several') {
      const answered = tally.get(`${field.name}=`) ?? 0
      const sides = suppressParts(
        [
          { choice: 'answered', answers: answered },
          { choice: noneOf, answers: counted - answered },
        ],
        smallest,
      )
      const known = sides.every(({ answers }) => answers !== undefined)
      const shown = suppressShares(cells, known ? answered : counted, smallest)
      return [{ question: field.name, kind: 'shares', cells: shown, none: sides[1]?.answers }]
    }
    const answered = cells.reduce((sum, { answers }) => sum + answers, 0)
    const shown = suppressParts([...cells, { choice: noneOf, answers: counted - answered }], smallest)
    return [{ question: field.name, kind: 'parts', cells: shown.slice(0, -1), none: shown.at(-1)?.answers }]
  })
  return { counted, tables }
}

/** What could be chosen; empty where words were asked for. */
export function choicesOf({ kind, choices }: Field): readonly string[] {
  if (kind === 'yes-no') return ['yes', 'no']
  return (choices ?? []).map(({ value }) => value)
}

/** A choice in words. */
export function choiceWords(field: Field, choice: string): Readonly<Record<'en' | 'es', string>> {
  if (field.kind === 'yes-no') return choice === 'yes' ? { en: 'Yes', es: 'Sí' } : { en: 'No', es: 'No' }
  const named = field.choices?.find(({ value }) => value === choice)?.label
  return named ?? { en: choice, es: choice }
}
