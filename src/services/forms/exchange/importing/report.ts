/** What became of one part of the form that was brought in. `changed`: it is there, but not as it was. */
export const outcomes = ['mapped', 'changed', 'not-mapped', 'not-needed'] as const
export type Outcome = (typeof outcomes)[number]

/** What must be said before a question may be published. */
export const lacks = ['purpose', 'category', 'necessity', 'retention', 'needed', 'spanish'] as const
export type Lack = (typeof lacks)[number]

export type ReportLine = Readonly<{
  /** Where it stood: a JSON Pointer. */
  at: string
  /** Its type and name there. */
  what: string
  outcome: Outcome
  /** The question, page or fee that it became. */
  to?: string
  needs: readonly Lack[]
  /** What is different now, and why. */
  says: readonly string[]
  /** Names of settings that have no counterpart here. */
  left: readonly string[]
}>

export type Report = Readonly<{
  add(line: Partial<ReportLine> & Pick<ReportLine, 'at' | 'what' | 'outcome'>): void
  lines: ReportLine[]
}>

export function createReport(): Report {
  const lines: ReportLine[] = []
  return {
    lines,
    add: ({ needs = [], says = [], left = [], ...line }) => {
      lines.push({ ...line, needs, says, left })
    },
  }
}

/** The report in words, a line for each part and its remarks below it. */
export function reportWords(lines: readonly ReportLine[]): readonly string[] {
  const marks: Readonly<Record<Outcome, string>> = {
    mapped: 'taken over',
    changed: 'changed',
    'not-mapped': 'NOT TAKEN',
    'not-needed': 'not needed',
  }
  return lines.flatMap(({ at, what, outcome, to, needs, says, left }) => [
    `${marks[outcome].padEnd(10)}  ${at}  ${what}${to === undefined ? '' : ` -> ${to}`}`,
    ...says.map((one) => `            ${one}`),
    ...(needs.length > 0 ? [`            before publishing: ${needs.join(', ')}`] : []),
    ...(left.length > 0 ? [`            left out: ${left.join(', ')}`] : []),
  ])
}
